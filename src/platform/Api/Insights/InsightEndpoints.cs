using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.Backtests;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>What the course's teachers see. A TA's answers are computed from the own sections alone.</summary>
internal static class InsightEndpoints
{
    private static readonly TimeSpan Stale = TimeSpan.FromDays(14);

    public static void MapInsights(this IEndpointRouteBuilder api)
    {
        var course = api.MapGroup("/courses/{course}");
        course.MapGet("/overview", OverviewAsync).For(Role.Professor, Role.TA).Produces<CourseOverview>().WithSummary("Who, why, what next");
        course.MapGet("/items", ItemsAsync).For(Role.Professor, Role.TA).Produces<ItemQualityView>().WithSummary("How good each assessment is");
        course.MapGet("/distributions", DistributionsAsync).For(Role.Professor, Role.TA).Produces<AssessmentDistribution[]>().WithSummary("The shape of each assessment's scores");
        course.MapGet("/students/{student}", StudentAsync).For(Role.Professor, Role.TA).WithSummary("One student");
        course.MapGet("/backtest", BacktestAsync).For(Role.Professor, Role.TA).WithSummary("How the risk list did on finished courses");
        course.MapGet("/export.csv", ExportAsync).For(Role.Professor).Produces(200, contentType: "text/csv").WithSummary("Marks and risk of everybody, for a spreadsheet");
    }

    private static Task<Answer> OverviewAsync(Viewer viewer, Answers answers, BacktestCards backtests, TimeProvider time)
    {
        var course = viewer.OpenCourse;
        var isStale = course is { Demonstration: false, Finished: false, LastImport: { } last } && time.GetUtcNow() - last > Stale;
        return answers.GetAsync(viewer, isStale ? "stale" : "", new View<CourseOverview>(
            "overview", ApiJson.Default.CourseOverview,
            async computed => OverviewView.Build(course, viewer.Role, computed, await backtests.FindAsync(course, viewer.FinishedStamp), isStale),
            OverviewView.Named));
    }

    private static Task<Answer> ItemsAsync(Viewer viewer, Answers answers) => answers.GetAsync(viewer, "", new View<ItemQualityView>(
        "items", ApiJson.Default.ItemQualityView,
        computed => Task.FromResult(new ItemQualityView(
            viewer.OpenCourse.For(viewer.Role) with { Students = computed.Students.Count },
            [.. computed.Grid.Assessments.Select((assessment, j) => computed.Insights.Assessments[j].Item.ToWire(assessment))],
            computed.Insights.Reliability.ToWire()))));

    private static Task<Answer> DistributionsAsync(Viewer viewer, Answers answers) => answers.GetAsync(viewer, "", new View<AssessmentDistribution[]>(
        "distributions", ApiJson.Default.AssessmentDistributionArray,
        computed => Task.FromResult<AssessmentDistribution[]>([.. computed.Grid.Assessments.Select((assessment, j) =>
            new AssessmentDistribution(assessment.Id, assessment.Name, computed.Insights.Assessments[j].Scores.ToWire()))])));

    private static async Task<Ok<StudentView>> StudentAsync(string student, Viewer viewer, InsightQueries queries, NameState names)
    {
        var course = viewer.OpenCourse;
        var computed = await queries.ComputeAsync(course, Scope.Of(viewer), viewer.FinishedStamp);
        var row = computed.Find(student);
        if (row < 0)
            throw ApiError.NotFound("There is no such student among yours", "Go back to the list: the student may have been erased or be in another section");
        return TypedResults.Ok(StudentPage.Build(course, viewer.Role, computed, row, (await names.FindAsync(course.Id, student))?.Name));
    }

    private static async Task<Ok<BacktestCard>> BacktestAsync(Viewer viewer, BacktestCards backtests) =>
        TypedResults.Ok(await backtests.FindAsync(viewer.OpenCourse, viewer.FinishedStamp));

    private static async Task<FileContentHttpResult> ExportAsync(Viewer viewer, GradebookExport export) =>
        TypedResults.File(await export.WriteAsync(viewer.OpenCourse, viewer.FinishedStamp), "text/csv; charset=utf-8", $"{viewer.OpenCourse.Id}.csv");
}
