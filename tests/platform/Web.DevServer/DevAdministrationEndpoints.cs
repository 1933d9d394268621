using Provost.Contracts;

namespace Provost.Web.DevServer;

internal static class DevAdministrationEndpoints
{
    public static void MapAdministration(this RouteGroupBuilder api)
    {
        var admin = api.MapGroup("/admin").AddEndpointFilter(async (call, next) =>
            DevEndpoints.User(call.HttpContext, call.HttpContext.RequestServices.GetRequiredService<DevState>()) is { IsAdmin: true }
                ? await next(call)
                : Results.Problem(title: "Only for administrators", statusCode: 403));
        admin.MapGet("/health", (DevState state) => new InstallationHealth(
            "provost", state.Release,
            [new StoreHealth("clickhouse", true, 3.2, null), new StoreHealth("redis", true, 0.4, null)],
            [.. state.Courses.Order().Select(id => state.Summary(id, Role.Admin)).Select(course => new CourseAggregate(course.Id, course.Name, course.Students, course.Assessments, course.LastImport, course.Demonstration))],
            state.Accounts.Count));
        admin.MapGet("/accounts", (DevState state) => state.Accounts);
        admin.MapPost("/accounts", (NewAccount account, HttpContext context, DevState state) =>
        {
            if (state.Accounts.Exists(known => known.User == account.User))
                return Results.Problem(title: $"{account.User} exists already", detail: "Choose another name, or make a new link for that account.", statusCode: 409);
            Membership[] memberships = account.Role == Role.Admin ? [] : [new(account.Course!, account.Course!, account.Role, account.Sections ?? [], account.Student)];
            state.Accounts.Add(new AccountView(account.User, account.Role == Role.Admin, memberships, state.Now, null));
            return Results.Ok(Link(account.User, context, state));
        });
        admin.MapDelete("/accounts/{user}", (string user, DevState state) =>
        {
            state.Accounts.RemoveAll(account => account.User == user);
            return Results.NoContent();
        });
        admin.MapPost("/accounts/{user}/link", (string user, HttpContext context, DevState state) => Link(user, context, state));
        admin.MapPost("/erasures", (ErasureRequest request, DevState state) => new ErasureReceipt(
            "e-0001", state.Now, 1, 24, 1, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(request.Subject)))));
    }

    private static SignInLink Link(string user, HttpContext context, DevState state) =>
        new(user, $"{context.Request.Scheme}://{context.Request.Host}/sign-in/{user}-link", state.Now.AddDays(2));
}
