using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>The Api's paths, answered from memory.</summary>
internal static class DevEndpoints
{
    public const string Cookie = "provost";
    public const string Antiforgery = "dev-token";

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(CheckAntiforgeryAsync);
        api.MapGet("/session", (HttpContext context, DevState state) => Session(state, User(context, state)));
        api.MapPost("/session/password", SignIn);
        api.MapPost("/session/link", SignInByLink);
        api.MapDelete("/session", SignOut);
        api.MapPut("/account/password", (PasswordChange change) => change.Current is null or DevAccounts.Password
            ? Results.NoContent() : Results.Problem(title: "The current password is wrong", detail: "Enter the password that you signed in with.", statusCode: 422));
        api.MapCourses();
        api.MapImports();
        api.MapAdministration();
    }

    public static AccountView? User(HttpContext context, DevState state) =>
        context.Request.Cookies.TryGetValue(Cookie, out var session) && state.Sessions.TryGetValue(session, out var user)
            ? state.Accounts.Find(account => account.User == user) : null;

    private static async ValueTask<object?> CheckAntiforgeryAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var request = call.HttpContext.Request;
        var state = call.HttpContext.RequestServices.GetRequiredService<DevState>();
        if (request.Method != "GET" && request.Headers["X-Provost-Antiforgery"] != Antiforgery)
            return Results.Problem(title: "The antiforgery token is missing", detail: "Reload the page.", statusCode: 400);
        if (!request.Path.StartsWithSegments("/api/session") && User(call.HttpContext, state) is null)
            return Results.Problem(title: "You are signed out", detail: "Sign in again to go on.", statusCode: 401);
        return await next(call);
    }

    private static SessionView Session(DevState state, AccountView? user) =>
        new(user?.User, user?.IsAdmin ?? false, user?.Memberships ?? [], Antiforgery, state.Release, user is not null && user.User != "newcomer");

    private static IResult SignIn(PasswordSignIn credentials, HttpContext context, DevState state)
    {
        var account = state.Accounts.Find(account => account.User == credentials.User);
        return account is null || credentials.Password != DevAccounts.Password
            ? Results.Problem(title: "Account or password is wrong", detail: "Check both; capitals count in the password.", statusCode: 401)
            : Open(account, context, state);
    }

    private static IResult SignInByLink(LinkSignIn link, HttpContext context, DevState state)
    {
        if (link.Token == "expired")
            return Results.Problem(title: "The link has expired", detail: "Ask your administrator for a new one.", statusCode: 410);
        if (!link.Token.EndsWith("-link", StringComparison.Ordinal) || !state.UsedLinks.TryAdd(link.Token, true))
            return Results.Problem(title: "The link was used already", detail: "A link signs in once. Ask your administrator for a new one.", statusCode: 410);
        var account = state.Accounts.Find(account => account.User == link.Token[..^5]);
        return account is null ? Results.Problem(title: "The link is not known", detail: "Copy it again as a whole.", statusCode: 404) : Open(account, context, state);
    }

    private static IResult Open(AccountView account, HttpContext context, DevState state)
    {
        var session = Guid.NewGuid().ToString("N");
        state.Sessions[session] = account.User;
        context.Response.Cookies.Append(Cookie, session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
        return Results.Ok(Session(state, account));
    }

    private static IResult SignOut(HttpContext context, DevState state)
    {
        if (context.Request.Cookies.TryGetValue(Cookie, out var session)) state.Sessions.TryRemove(session, out _);
        context.Response.Cookies.Delete(Cookie);
        return Results.NoContent();
    }
}
