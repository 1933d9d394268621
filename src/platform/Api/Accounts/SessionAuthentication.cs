using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Provost.Api.State;

namespace Provost.Api.Accounts;

/// <summary>
/// Cookie "provost": session id and user, protected. The session itself lives in Redis and is looked up with every request,
/// together with the account and the course: what was revoked a moment ago is revoked.
/// </summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionCookie cookie, AccountState accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (id, user) = cookie.Read(Context);
        if (id is null || user is null)
            return AuthenticateResult.NoResult();
        var session = Secrets.Hash(id);
        var state = await accounts.LoadAsync(session, user, Request.RouteValues["course"] as string);
        if (state.Account is null)
            return AuthenticateResult.NoResult();

        Context.Features.Set(new Viewer(state.Account, session, state.Course, state.FinishedStamp));
        return AuthenticateResult.Success(new AuthenticationTicket(Principal(user), SchemeName));
    }

    public static ClaimsPrincipal Principal(string user) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, user), new Claim(ClaimTypes.Name, user)], SchemeName));
}

internal sealed class SessionCookie(IDataProtectionProvider protection, PublicOptions address)
{
    public const string Name = "provost";

    private readonly IDataProtector protector = protection.CreateProtector("Provost.Session.v1");

    public (string? Id, string? User) Read(HttpContext context)
    {
        if (!context.Request.Cookies.TryGetValue(Name, out var value) || value.Length == 0)
            return default;
        try
        {
            return protector.Unprotect(value).Split('|', 2) is [var id, var user] ? (id, user) : default;
        }
        catch (CryptographicException)
        {
            return default;
        }
    }

    public void Write(HttpContext context, string id, string user) =>
        context.Response.Cookies.Append(Name, protector.Protect($"{id}|{user}"), Options());

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = address.IsHttps, Path = "/", IsEssential = true };
}
