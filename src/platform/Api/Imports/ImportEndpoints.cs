using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Provost.Api.Accounts;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Imports;

/// <summary>Gradebooks into a course, by its professor. The body is the file itself.</summary>
internal static class ImportEndpoints
{
    /// <summary>What the edge lets through is decided by the edge; this is the last limit.</summary>
    public const long MaxBytes = 512L << 20;

    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/courses/{course}/imports");
        imports.MapGet("", ListAsync).For(Role.Professor).WithSummary("Imports so far, newest first");
        imports.MapPost("", ImportAsync).For(Role.Professor).AcceptsFile().Produces<ImportReport>().WithSummary("Import a gradebook");
        imports.MapPost("/preview", PreviewAsync).For(Role.Professor).AcceptsFile().Produces<ImportPreview>().WithSummary("What an import would do");
    }

    /// <summary>Streams the body, and does not buffer or bind it.</summary>
    public static RouteHandlerBuilder AcceptsFile(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
        .Accepts<Stream>("application/octet-stream", "text/csv", "text/tab-separated-values", "application/zip", "text/plain");

    private static async Task<Ok<ImportSummary[]>> ListAsync(Viewer viewer, CourseState courses) =>
        TypedResults.Ok(await courses.ImportsAsync(viewer.OpenCourse.Id));

    private static Task ImportAsync(Viewer viewer, string? file, bool? removeAbsent, HttpContext context, Uploads uploads, Importer importer) =>
        uploads.AnswerAsync(context, async report =>
        {
            var (course, name) = (viewer.OpenCourse.Id, FileName(file));
            var upload = await uploads.ReadAsync(context.Request, name, course, report, viewer.User);
            var gradebook = One(upload.Gradebooks);
            uploads.Saving(new ImportProgress(course, "saving", context.Request.ContentLength ?? 0, context.Request.ContentLength ?? 0, gradebook.Students.Count), report, viewer.User);
            var done = await importer.ImportAsync(
                new ImportOrder(course, gradebook, name, viewer.User) { RemoveAbsent = removeAbsent ?? false, Started = upload.Started }, context.RequestAborted);
            return Uploads.Result(done, ApiJson.Default.ImportReport);
        });

    private static Task PreviewAsync(Viewer viewer, string? file, HttpContext context, Uploads uploads, ImportPlanner planner) =>
        uploads.AnswerAsync(context, async report =>
        {
            var gradebook = One((await uploads.ReadAsync(context.Request, FileName(file), viewer.OpenCourse.Id, report, viewer.User)).Gradebooks);
            var plan = await planner.PlanAsync(viewer.OpenCourse, gradebook, removeAbsent: false, context.RequestAborted);
            return Uploads.Result(plan.Preview(), ApiJson.Default.ImportPreview);
        });

    public static string FileName(string? file)
    {
        var name = Path.GetFileName(file ?? "").Trim();
        return name.Length is > 0 and <= 200 && !name.Any(char.IsControl)
            ? name
            : throw ApiError.Invalid("The file's name is missing or too long", "Add ?file=NAME to the address, as the file is called on your disk");
    }

    private static Gradebook One(IReadOnlyList<Gradebook> gradebooks) => gradebooks is [var one]
        ? one
        : throw ApiError.Invalid($"The file holds {gradebooks.Count} courses", "Import one course at a time here, or all at once with: provost import FILE");
}
