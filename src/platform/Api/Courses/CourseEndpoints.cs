using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Courses;

/// <summary>One's own courses and a course's rules.</summary>
internal static class CourseEndpoints
{
    public static void MapCourses(this IEndpointRouteBuilder api)
    {
        api.MapGet("/courses", ListAsync).ForSignedIn().WithSummary("The courses in which one has a role");
        api.MapGet("/courses/{course}/settings", Settings).For(Role.Professor, Role.TA).WithSummary("The course's rules");
        api.MapPut("/courses/{course}/settings", ChangeAsync).For(Role.Professor).WithSummary("Change the course's rules");
    }

    private static async Task<Ok<CourseSummary[]>> ListAsync(Viewer viewer, CourseState courses)
    {
        var found = await Task.WhenAll(viewer.Account.Memberships.Select(async membership =>
            (await courses.FindAsync(membership.Key))?.For(membership.Value.Role)));
        return TypedResults.Ok<CourseSummary[]>([.. found.OfType<CourseSummary>().OrderBy(course => course.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private static Ok<CourseSettings> Settings(Viewer viewer) => TypedResults.Ok(viewer.OpenCourse.Settings);

    private static async Task<Ok<CourseSettings>> ChangeAsync(CourseSettings body, Viewer viewer, CourseChanges changes) =>
        TypedResults.Ok((await changes.ChangeSettingsAsync(viewer.OpenCourse.Id, body)).Settings);
}

/// <summary>Changes of a course that are no imports.</summary>
internal sealed class CourseChanges(CourseState courses)
{
    public async Task<CourseRecord> ChangeSettingsAsync(string id, CourseSettings settings)
    {
        MustBeSensible(settings);
        return await ReplaceAsync(id, course => new CourseCommit(course, course with { Settings = settings }, "settings", "The course's rules were changed"));
    }

    /// <summary>Repeats the change on the newest record until nobody else came in between.</summary>
    public async Task<CourseRecord> ReplaceAsync(string id, Func<CourseRecord, CourseCommit> change)
    {
        while (true)
        {
            var course = await courses.FindAsync(id) ?? throw ApiError.NotFound("The course is gone", "Go back to your courses");
            if (await courses.ReplaceAsync(change(course)) is { } replaced)
                return replaced;
        }
    }

    private static void MustBeSensible(CourseSettings settings)
    {
        if (settings.Capacity is not (> 0 and <= 1))
            throw ApiError.Invalid($"The capacity {settings.Capacity} is no share of the class", "Use more than 0 and at most 1, for example 0.2 for a fifth");
        if (settings.GraceDays is not (>= 0 and <= 60))
            throw ApiError.Invalid($"{settings.GraceDays} days of grace cannot be", "Use 0 to 60 days");
        if (settings.Start is { Year: < 1990 or > 2200 })
            throw ApiError.Invalid($"{settings.Start} is no likely start of a course", "Use the first day of teaching");
    }
}
