using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.Backtests;
using Provost.Api.Courses;
using Provost.Api.Demonstration;
using Provost.Api.Facts;
using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Hosting.Configuration;

namespace Provost.Api.Operators;

/// <summary>What the provost command calls, with the operator's token.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperators(this IEndpointRouteBuilder api)
    {
        var operators = api.MapGroup("/operator");
        operators.MapGet("/version", VersionAsync).ForOperator().WithSummary("Release and schema");
        operators.MapGet("/accounts", ListAsync).ForOperator().WithSummary("All accounts");
        operators.MapPost("/accounts", AddAsync).ForOperator().WithSummary("Add an account, or a role to one");
        operators.MapDelete("/accounts/{user}", RemoveAsync).ForOperator().WithSummary("Remove an account and end its sessions");
        operators.MapPost("/accounts/{user}/link", LinkAsync).ForOperator().WithSummary("A new one-time sign-in link");
        operators.MapPost("/imports", ImportAsync).ForOperator().AcceptsFile().Produces<ImportReport>().WithSummary("Import a gradebook, or a zip with the OULAD folder");
        operators.MapGet("/backtest", BacktestAsync).ForOperator().WithSummary("How risk and forecast did on finished courses, as a course's page shows it");
        operators.MapPost("/demonstration", DemonstrateAsync).ForOperator().WithSummary("Load the demonstration course");
    }

    private static async Task<Ok<OperatorVersion>> VersionAsync(Schema schema, ServiceOptions service, CancellationToken cancellation) =>
        TypedResults.Ok(new OperatorVersion(service.Release, await schema.VersionAsync(cancellation), Schema.Minimum, Schema.Maximum));

    private static async Task<Ok<AccountView[]>> ListAsync(AccountDirectory accounts) => TypedResults.Ok(await accounts.ListAsync());

    private static async Task<Ok<SignInLink>> AddAsync(NewAccount body, AccountDirectory accounts) => TypedResults.Ok(await accounts.AddAsync(body, AccountDirectory.Operator));

    private static async Task<NoContent> RemoveAsync(string user, AccountDirectory accounts)
    {
        await accounts.RemoveAsync(user, AccountDirectory.Operator);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SignInLink>> LinkAsync(string user, AccountDirectory accounts) => TypedResults.Ok(await accounts.LinkAsync(user, AccountDirectory.Operator));

    private static async Task<Ok<CourseSummary>> DemonstrateAsync(DemonstrationCourse demonstration, CancellationToken cancellation) =>
        TypedResults.Ok(await demonstration.LoadAsync(cancellation));

    private static async Task<Ok<BacktestCard>> BacktestAsync(string? course, CourseState courses, BacktestCards backtests)
    {
        if (string.IsNullOrWhiteSpace(course))
            throw ApiError.Invalid("The course's name is missing", "Add ?course=NAME, for example --course \"MATH 101\"");
        var record = await courses.FindAsync(CourseId.From(course))
            ?? throw ApiError.NotFound($"There is no course \"{course}\"", "Check the name, or make the course by importing its gradebook: provost import FILE --course NAME");
        return TypedResults.Ok(await backtests.FindAsync(record, await courses.FinishedStampAsync()));
    }

    private static Task ImportAsync(string? course, string? file, HttpContext context, Uploads uploads, OperatorImports imports) =>
        uploads.AnswerAsync(context, async report =>
        {
            var name = ImportEndpoints.FileName(file);
            var upload = await uploads.ReadAsync(context.Request, name, course ?? "", report, user: null);
            return upload.Gradebooks is [var one]
                ? Uploads.Result(await imports.ImportAsync(course ?? one.CourseName, one, new OperatorFile(name, upload.Started), context.RequestAborted), ApiJson.Default.ImportReport)
                : Uploads.Result(await imports.ImportAllAsync(upload, name, report, context.RequestAborted), ApiJson.Default.ImportReportArray);
        });
}
