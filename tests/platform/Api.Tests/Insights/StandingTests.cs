using System.Text.Json;
using Provost.Api.Insights;
using Provost.Contracts;
using Provost.Web.Students;

namespace Provost.Api.Tests.Insights;

public sealed class StandingTests
{
    [Fact]
    public void Without_a_change_the_browsers_what_if_is_the_servers_forecast()
    {
        var (course, computed) = Warmup.Compute();
        var known = 0;
        for (var i = 0; i < computed.Grid.Students.Count; i++)
        {
            var sent = JsonSerializer.SerializeToUtf8Bytes(StudentPage.BuildStanding(course, computed, i, null, bandOptIn: false), ApiJson.Default.StandingView);
            var standing = JsonSerializer.Deserialize(sent, ApiJson.Default.StandingView)!;

            var tried = new WhatIf(standing).Compute(new Dictionary<int, double>());

            Assert.Equal(standing.Forecast.Final, tried.Final.ToWire());
            known += standing.Forecast.Final.Value is null ? 0 : 1;
        }
        Assert.True(known > 100, $"only {known} forecasts to compare");
    }

    [Fact]
    public void A_class_of_a_few_says_nothing_about_itself_to_one_of_them()
    {
        var (course, computed) = Warmup.Compute();
        var few = new ComputedCourse(
            new([.. computed.Grid.Students.Take(9)], computed.Grid.Assessments, [.. Enumerable.Range(0, 9).SelectMany(i => computed.Grid.Row(i).ToArray())], computed.Grid.AsOfDay),
            [.. computed.Students.Take(9)], computed.Insights);

        Assert.Null(StudentPage.BuildStanding(course, few, 0, null, bandOptIn: true).Model);
        Assert.NotNull(StudentPage.BuildStanding(course, computed, 0, null, bandOptIn: false).Model);
    }

    [Fact]
    public void The_warm_up_makes_a_whole_overview() => Assert.InRange(Warmup.Overview(), 2_000, 200_000);
}
