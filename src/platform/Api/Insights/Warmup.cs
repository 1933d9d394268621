using System.Text.Json;
using Provost.Analytics.Insights;
using Provost.Api.Courses;
using Provost.Api.Demonstration;
using Provost.Api.Imports;
using Provost.Api.Privacy;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Insights;

/// <summary>
/// Computes one overview and looks into one file of invented data before the service is ready: code is loaded and compiled then, not
/// while the first professor after a deployment waits.
/// </summary>
internal sealed class Warmup(ImportPlanner planner) : IHostedService
{
    private const int Rounds = 2;

    private static readonly byte[] File = """
        Student,ID,SIS Login ID,Section,Essay (1),Quiz (2),Current Score
        Points Possible,,,,20,10,
        "Example, Aster",1,aster,A,17.5,9,88
        "Sampleton, Bramble",2,bramble,A,,EX,61
        "Mockwell, Clover",3,clover,B,12,7,63
        """u8.ToArray();

    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Overview();
                await PreviewAsync();
            }
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

    /// <returns>How many bytes went into the void.</returns>
    internal async Task<int> PreviewAsync()
    {
        var gradebook = (await GradebookReader.ReadAsync(new MemoryStream(File), "warm-up.csv")).Single();
        var course = new CourseRecord { Id = "warm-up", Name = DemonstrationGradebook.Course };
        var nothing = new Known(Snapshot.Empty, new Dictionary<string, PersonName>(), new HashSet<string>());
        var plan = planner.Plan(course, gradebook, nothing, removeAbsent: false);
        return Uploads.Result(plan.Preview(), ApiJson.Default.ImportPreview).ToJsonString().Length;
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
