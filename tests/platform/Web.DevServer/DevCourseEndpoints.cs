using Provost.Contracts;

namespace Provost.Web.DevServer;

internal static class DevCourseEndpoints
{
    public static void MapCourses(this RouteGroupBuilder api)
    {
        api.MapGet("/courses", (HttpContext context, DevState state) =>
            DevEndpoints.User(context, state)!.Memberships.Select(membership => state.Summary(membership.Course, membership.Role)));
        api.MapGet("/courses/{course}/overview", (string course, HttpContext context, DevState state) => For(context, state, course, member =>
            member.Role == Role.Student ? Forbidden() : Results.Ok(state.Views(course, member.Role).Overview(member.Role == Role.TA ? member.Sections[0] : null, course == "seminar" ? null : SeededBacktest.Card))));
        api.MapGet("/courses/{course}/items", (string course, HttpContext context, DevState state) => For(context, state, course, member =>
            Results.Ok(state.Views(course, member.Role).Items())));
        api.MapGet("/courses/{course}/distributions", (string course, HttpContext context, DevState state) => For(context, state, course, member =>
            Results.Ok(state.Views(course, member.Role).Distributions())));
        api.MapGet("/courses/{course}/students/{student}", (string course, string student, HttpContext context, DevState state) => For(context, state, course, member =>
            state.Views(course, member.Role).Student(student) is { } view ? Results.Ok(view) : NoStudent()));
        api.MapGet("/courses/{course}/standing", (string course, HttpContext context, DevState state) => For(context, state, course, member =>
            member.Student is { } key ? Results.Ok(state.Views(course, member.Role).Standing(key, state.Bands.GetValueOrDefault(key))) : Forbidden()));
        api.MapPut("/courses/{course}/standing/band", (string course, BandChoice choice, HttpContext context, DevState state) => For(context, state, course, member =>
        {
            state.Bands[member.Student!] = choice.OptIn;
            return Results.NoContent();
        }));
        api.MapGet("/courses/{course}/settings", (string course, HttpContext context, DevState state) => For(context, state, course, _ =>
            Results.Ok(state.Course(course)!.Settings)));
        api.MapPut("/courses/{course}/settings", async (string course, CourseSettings settings, HttpContext context, DevState state, DevLive live) =>
        {
            state.Change(course, old => old with { Settings = settings });
            await live.PublishAsync(course, state.Course(course)!.Version, "settings", "The settings changed");
            return Results.NoContent();
        });
    }

    public static IResult For(HttpContext context, DevState state, string course, Func<Membership, IResult> answer) =>
        DevEndpoints.User(context, state)!.Memberships.FirstOrDefault(membership => membership.Course == course) is { } member
            ? answer(member)
            : Results.Problem(title: "This course is not among yours", detail: "Go back to your courses.", statusCode: 404);

    private static IResult Forbidden() => Results.Problem(title: "This is not yours to see", detail: "Your role does not include this page.", statusCode: 403);

    private static IResult NoStudent() => Results.Problem(title: "No such student", detail: "The student may have been erased. Go back to the course.", statusCode: 404);
}
