using Provost.Analytics.Backtests;
using Provost.Analytics.Insights;
using Provost.Api.Backtests;
using Provost.Api.Insights;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;
using Provost.Web.Students;

namespace Provost.Api.Tests.Backtests;

/// <summary>With stores of its own: finished courses change what every course of an installation says.</summary>
public sealed class CalibrationTests
{
    [Fact]
    public async Task An_institution_with_enough_finished_courses_is_judged_by_its_own_and_the_card_says_how()
    {
        await using var stores = new RealStores();
        await stores.InitializeAsync();
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        var id = (await api.ImportAsync("Running 101", SeededGradebook.Canvas(40, 10))).Course;
        using var professor = await api.SignInAsync("p", Role.Professor, id);
        using var elsewhere = await replica.SignInAsync("q", Role.Professor, id);
        var before = await professor.GetAsync<CourseOverview>($"api/courses/{id}/overview");
        Assert.EndsWith("needs 2 finished courses with due dates and 200 students, has 0 with 0.", before.Backtest!.Calibration, StringComparison.Ordinal);

        await EndedCourses.ImportAsync(api, "Ended 2024 A", 1, 150);
        await EndedCourses.ImportAsync(api, "Ended 2024 B", 2, 150);
        var own = await ExpectedAsync(api);

        var after = await professor.GetAsync<CourseOverview>($"api/courses/{id}/overview");
        Assert.Equal("Risks and forecasts are calibrated on 2 finished courses of this installation with 300 students.", after.Backtest!.Calibration);
        Assert.True(after.Backtest.InSample);
        Assert.Contains("in-sample", after.Backtest.Source, StringComparison.Ordinal);
        Assert.NotEqual(Risks(before), Risks(after));
        Assert.Equal(Risks(after), Risks(await elsewhere.GetAsync<CourseOverview>($"api/courses/{id}/overview")));
        Assert.Equal(own.Used.Risk, (await api.Get<CalibrationState>().FindAsync(await api.Get<CourseState>().FinishedStampAsync()))!.Used.Risk);

        await EndedCourses.ImportAsync(api, "Ended 2025", 3, 250);
        await EndedCourses.ImportAsync(api, "Ended 2026", 4, 250);
        var more = (await professor.GetAsync<CourseOverview>($"api/courses/{id}/overview")).Backtest!;
        Assert.False(more.InSample);
        Assert.Contains("each judged with a calibration that was fitted on others", more.Source, StringComparison.Ordinal);
        Assert.InRange(more.Auc["112"]!.Value, 0.7, 1);
    }

    [Fact]
    public async Task What_a_student_tries_in_the_browser_follows_the_institutions_own_calibration()
    {
        await using var stores = new RealStores();
        await stores.InitializeAsync();
        await using var api = await ApiServer.StartAsync(stores);
        await EndedCourses.ImportAsync(api, "Ended 2024 A", 1, 150);
        await EndedCourses.ImportAsync(api, "Ended 2024 B", 2, 150);
        var own = await ExpectedAsync(api);
        var id = (await api.ImportAsync("Running 101", SeededGradebook.Canvas(40, 10))).Course;
        using var student = await api.SignInAsync("s", Role.Student, id, student: "u7");

        var standing = await student.GetAsync<StandingView>($"api/courses/{id}/standing");

        Assert.Equal((own.Used.Rest.Keep, own.Used.Rest.Rho, own.Used.Source), (standing.Calibration!.Keep, standing.Calibration.Rho, standing.Calibration.Source));
        Assert.Equal(standing.Forecast, new WhatIf(standing).Compute(new Dictionary<int, double>()).ToWire());
    }

    private static async Task<OwnCalibration> ExpectedAsync(ApiServer api)
    {
        var finished = api.Get<FinishedCourses>();
        var own = OwnCalibration.Of([.. (await finished.ReadAsync(await finished.ListAsync())).Select(course => course.Content)]);
        Assert.True(own.IsOwn, own.Shortfall);
        Assert.NotEqual(Calibration.Default.Risk, own.Used.Risk);
        return own;
    }

    private static double?[] Risks(CourseOverview overview) =>
        [.. overview.Triage.OrderBy(row => row.Student, StringComparer.Ordinal).Select(row => row.Probability.Value)];
}
