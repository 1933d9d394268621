using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Analytics.Cells;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Api.Courses;
using Provost.Api.Demonstration;
using Provost.Api.Insights;
using Provost.Contracts;
using Provost.Web.Students;

namespace Provost.Api.Tests.Insights;

public sealed class StandingTests
{
    private static readonly CourseSettings Usual = CourseRecord.Defaults;

    // A pull to the class mean, and too few residuals for one of the two kinds of students: every branch is in use.
    private static readonly Calibration Pulling = Calibration.Default with
    {
        Rest = new RestCurve(0.8, 0.1, 0.3, 0.75, 5000),
        Residuals = [new(0, false, 40, 12), new(0, true, 33, 400)],
        Source = "made for a test",
    };

    [Theory]
    [InlineData("usual")]
    [InlineData("missing is left out")]
    [InlineData("grace")]
    [InlineData("undated")]
    [InlineData("a class of nine")]
    [InlineData("another calibration")]
    [InlineData("all of it")]
    public void Without_a_change_the_browsers_what_if_is_the_servers_forecast(string which)
    {
        var (course, computed) = Make(which);
        var known = 0;
        for (var i = 0; i < computed.Grid.Students.Count; i++)
        {
            var standing = JsonSerializer.Deserialize(Sent(course, computed, i, bandOptIn: false), ApiJson.Default.StandingView)!;

            var tried = new WhatIf(standing).Compute(new Dictionary<int, double>());

            Assert.Equal(standing.Forecast, tried.ToWire());
            known += standing.Forecast.Final.Value is null ? 0 : 1;
        }

        Assert.True(known > 0.8 * computed.Grid.Students.Count, $"only {known} forecasts to compare");
    }

    [Fact]
    public void From_ten_students_on_it_is_also_the_forecast_that_a_teacher_sees()
    {
        foreach (var which in (string[])["usual", "missing is left out", "another calibration"])
        {
            var (course, computed) = Make(which);
            Assert.All(Enumerable.Range(0, computed.Grid.Students.Count), i => Assert.Equal(
                StudentPage.Build(course, Role.Professor, computed, i, null).Forecast, StudentPage.BuildStanding(course, computed, i, null, bandOptIn: false).Forecast));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_figure_of_the_class_is_sent_to_a_student_but_a_band_on_request(bool bandOptIn)
    {
        var (course, computed) = Make("usual");

        var sent = JsonNode.Parse(Sent(course, computed, 0, bandOptIn))!;

        Assert.Equal(24, sent["cells"]!.AsArray().Count);
        Assert.All(sent["cells"]!.AsArray().Concat(sent["nextDue"]!.AsArray()), cell => Assert.Null(cell!["classMedian"]));
        Assert.Equal(0, sent["model"]!["classMean"]!.GetValue<double>());
        Assert.Equal(bandOptIn, sent["band"] is not null);
        Assert.NotNull(StudentPage.Build(course, Role.Professor, computed, 0, null).Cells[0].ClassMedian);
    }

    [Fact]
    public void A_class_of_a_few_says_nothing_about_itself_to_one_of_them()
    {
        var (course, few) = Make("a class of nine");

        var sent = JsonNode.Parse(Sent(course, few, 0, bandOptIn: true))!;

        Assert.Null(sent["model"]);
        Assert.Null(sent["band"]);
        Assert.NotNull(StudentPage.BuildStanding(course, Make("usual").Computed, 0, null, bandOptIn: false).Model);
    }

    private static byte[] Sent(CourseRecord course, ComputedCourse computed, int i, bool bandOptIn) =>
        JsonSerializer.SerializeToUtf8Bytes(StudentPage.BuildStanding(course, computed, i, null, bandOptIn), ApiJson.Default.StandingView);

    private static (CourseRecord Course, ComputedCourse Computed) Make(string which)
    {
        var all = which == "all of it";
        var made = DemonstrationGradebook.Make();
        var n = which == "a class of nine" || all ? 9 : made.Students.Count;
        var undated = which == "undated" || all;
        SnapshotStudent[] students = [.. Enumerable.Range(0, n).Select(i => new SnapshotStudent($"s{i}"))];
        Assessment[] assessments = [.. made.Assessments.Select(assessment => undated ? assessment with { DueDay = null } : assessment)];
        var course = new CourseRecord
        {
            Id = "standing",
            Name = "Standing",
            AsOfDay = undated ? null : DemonstrationGradebook.Today,
            Settings = Usual with { MissingCountsZero = !(which == "missing is left out" || all), GraceDays = which == "grace" || all ? 5 : 0 },
        };
        var grid = new Snapshot(assessments, students, made.Cells[..(n * assessments.Length)]).AsOf(course.AsOfDay, course.Settings.GraceDays);
        var calibration = which == "another calibration" || all ? Pulling : Calibration.Default;
        return (course, new ComputedCourse(grid, students, CourseInsights.Compute(grid, InsightQueries.Policy(course), calibration), calibration));
    }
}
