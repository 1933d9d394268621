using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Hosting.Configuration;

namespace Provost.Api.Accounts;

/// <summary>Signing in and out, and one's own password.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", ShowAsync).ForAnyone().WithSummary("Who is signed in, and the antiforgery token");
        api.MapPost("/session/password", ByPasswordAsync).ForAnyone().WithSummary("Sign in with a password");
        api.MapPost("/session/link", ByLinkAsync).ForAnyone().WithSummary("Sign in with a one-time link");
        api.MapDelete("/session", EndAsync).ForSignedIn().WithSummary("Sign out");
        api.MapPut("/account/password", ChangePasswordAsync).ForSignedIn().WithSummary("Set or change one's own password");
    }

    private static async Task<Ok<SessionView>> ShowAsync(HttpContext context, SessionViews views) =>
        TypedResults.Ok(await views.ShowAsync(context, context.Features.Get<Viewer>()?.Account));

    private static async Task<Ok<SessionView>> ByPasswordAsync(PasswordSignIn body, HttpContext context, SignIn signIn, SessionViews views) =>
        TypedResults.Ok(await views.OpenAsync(context, await signIn.ByPasswordAsync(body.User ?? "", body.Password ?? "", context.Connection.RemoteIpAddress)));

    private static async Task<Ok<SessionView>> ByLinkAsync(LinkSignIn body, HttpContext context, SignIn signIn, SessionViews views) =>
        TypedResults.Ok(await views.OpenAsync(context, await signIn.ByLinkAsync(body.Token ?? "", context.Connection.RemoteIpAddress)));

    private static async Task<NoContent> EndAsync(Viewer viewer, HttpContext context, AccountState accounts, SessionCookie cookie)
    {
        await accounts.CloseSessionAsync(viewer.Session, viewer.User);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionView>> ChangePasswordAsync(
        PasswordChange body, Viewer viewer, HttpContext context, PasswordChanges changes, SessionViews views) =>
        TypedResults.Ok(await views.OpenAsync(context, await changes.ChangeAsync(viewer.Account, body)));
}

/// <summary>What the frontend learns of a session.</summary>
internal sealed class SessionViews(AccountState accounts, CourseState courses, SessionCookie cookie, IAntiforgery antiforgery, ServiceOptions service)
{
    /// <summary>Opens a session for the account and shows it.</summary>
    public async Task<SessionView> OpenAsync(HttpContext context, AccountRecord account)
    {
        cookie.Write(context, await accounts.OpenSessionAsync(account), account.User);
        return await ShowAsync(context, account);
    }

    public async Task<SessionView> ShowAsync(HttpContext context, AccountRecord? account)
    {
        // The token is bound to whom the next request will come from.
        if (account is not null)
            context.User = SessionAuthentication.Principal(account.User);
        var token = antiforgery.GetAndStoreTokens(context).RequestToken!;
        context.Response.Headers.CacheControl = "no-store";
        return account is null
            ? new SessionView(null, false, [], token, service.Release, false)
            : new SessionView(account.User, account.IsAdmin, await MembershipsAsync(account), token, service.Release, account.PasswordHash is not null);
    }

    public async Task<Membership[]> MembershipsAsync(AccountRecord account)
    {
        var found = await Task.WhenAll(account.Memberships.Select(async membership =>
            await courses.FindAsync(membership.Key) is { } course
                ? new Membership(course.Id, course.Name, membership.Value.Role, membership.Value.Sections, membership.Value.Student)
                : null));
        return [.. found.OfType<Membership>().OrderBy(membership => membership.CourseName, StringComparer.OrdinalIgnoreCase)];
    }
}

internal sealed class PasswordChanges(AccountState accounts, Passwords passwords, Throttle throttle)
{
    /// <summary>Sets the password; every open session ends. Who has one must know it.</summary>
    public async Task<AccountRecord> ChangeAsync(AccountRecord account, PasswordChange change)
    {
        if (account.PasswordHash is not null)
        {
            if (await throttle.CountAsync("change", account.User, 10, TimeSpan.FromMinutes(15)) is { } wait)
                throw new ApiError(StatusCodes.Status429TooManyRequests, "Too many attempts to change the password", "Wait, then try again")
                {
                    RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
                };
            if (!passwords.Verify(account, change.Current ?? ""))
                throw ApiError.Invalid("The current password is wrong", "Enter the password that you signed in with");
        }

        Passwords.MustBeGood(account.User, change.Replacement ?? "");
        await accounts.SetPasswordAsync(account.User, passwords.Hash(account.User, change.Replacement!));
        return await accounts.FindAsync(account.User) ?? throw ApiError.NotFound("The account is gone", "It was removed while you changed its password");
    }
}
