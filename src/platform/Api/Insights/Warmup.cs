using System.Text.Json;
using Provost.Analytics.Insights;
using Provost.Api.Courses;
using Provost.Api.Demonstration;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>
/// Computes one overview of invented data before the service is ready: code is loaded and compiled then, not while the first
/// professor after a deployment waits.
/// </summary>
internal sealed class Warmup : IHostedService
{
    private const int Rounds = 2;

    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            for (var round = 0; round < Rounds; round++)
                Overview();
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>How many bytes went into the void.</returns>
    internal static int Overview()
    {
        var (course, computed) = Compute();
        var overview = OverviewView.Build(course, Role.Professor, computed, backtest: null, isStale: false);
        return Answers.Brotli(JsonSerializer.SerializeToUtf8Bytes(overview, ApiJson.Default.CourseOverview), quality: 1).Length;
    }

    internal static (CourseRecord Course, ComputedCourse Computed) Compute()
    {
        var made = DemonstrationGradebook.Make();
        var students = Enumerable.Range(0, made.Students.Count).Select(i => new SnapshotStudent($"s{i}")).ToArray();
        var course = new CourseRecord { Id = "warm-up", Name = DemonstrationGradebook.Course, AsOfDay = DemonstrationGradebook.Today };
        var grid = new Snapshot(made.Assessments, students, made.Cells).AsOf(course.AsOfDay, course.Settings.GraceDays);
        return (course, new ComputedCourse(grid, students, CourseInsights.Compute(grid, InsightQueries.Policy(course), Calibration.Default), Calibration.Default));
    }
}
