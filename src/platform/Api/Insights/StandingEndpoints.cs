using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>A student's own standing. The student's key comes from the membership, never from the address.</summary>
internal static class StandingEndpoints
{
    public static void MapStanding(this IEndpointRouteBuilder api)
    {
        api.MapGet("/courses/{course}/standing", ShowAsync).For(Role.Student).WithSummary("One's own standing");
        api.MapPut("/courses/{course}/standing/band", ChooseAsync).For(Role.Student).WithSummary("See one's band in the class, or not");
    }

    private static async Task<Ok<StandingView>> ShowAsync(Viewer viewer, InsightQueries queries, NameState names, CourseState courses)
    {
        var (course, student) = (viewer.OpenCourse, viewer.Membership!.Student!);
        var computed = await queries.ComputeAsync(course, Scope.Course, viewer.FinishedStamp);
        var row = computed.Find(student);
        if (row < 0)
            throw ApiError.NotFound("Your marks are not in this course's gradebook any more", "Ask your teacher whether you are still enrolled");
        var name = (await names.FindAsync(course.Id, student))?.Name;
        return TypedResults.Ok(StudentPage.BuildStanding(course, computed, row, name, await courses.HasBandAsync(course.Id, student)));
    }

    private static async Task<NoContent> ChooseAsync(BandChoice body, Viewer viewer, CourseState courses)
    {
        await courses.ChooseBandAsync(viewer.OpenCourse.Id, viewer.Membership!.Student!, body.OptIn);
        return TypedResults.NoContent();
    }
}
