using System.Globalization;
using System.Net;
using Provost.Api.State;
using Provost.Api.Telemetry;

namespace Provost.Api.Accounts;

/// <summary>The two ways in. Refusals say the same for a wrong password and an unknown name, after the same work.</summary>
internal sealed class SignIn(AccountState accounts, Passwords passwords, Throttle throttle, ApiMeters meters)
{
    private const int PerAccount = 10;
    private const int PerAddress = 60;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public async Task<AccountRecord> ByPasswordAsync(string user, string password, IPAddress? address)
    {
        user = AccountName.Normalize(user);
        await MustBeWithinAsync("address", Network(address), PerAddress);
        await MustBeWithinAsync("account", user, PerAccount);
        var account = AccountName.IsValid(user) ? await accounts.FindAsync(user) : null;
        if (password.Length > Passwords.Longest || !passwords.Verify(account, password))
        {
            meters.SignInFailed("password");
            throw new ApiError(StatusCodes.Status401Unauthorized, "Name or password is wrong",
                "Check both, or ask an administrator for a sign-in link");
        }

        await throttle.ForgiveAsync("account", user);
        await throttle.RefundAsync("address", Network(address));
        return account!;
    }

    public async Task<AccountRecord> ByLinkAsync(string token, IPAddress? address)
    {
        await MustBeWithinAsync("address", Network(address), PerAddress);
        if (token.Length is > 0 and <= 100 && await accounts.TakeLinkAsync(token) is { } account)
        {
            await throttle.RefundAsync("address", Network(address));
            return account;
        }

        meters.SignInFailed("link");
        throw new ApiError(StatusCodes.Status401Unauthorized, "This sign-in link was used before or has expired",
            "Ask an administrator for a new one");
    }

    private async Task MustBeWithinAsync(string kind, string subject, int limit)
    {
        if (await throttle.CountAsync(kind, subject, limit, Window) is not { } wait)
            return;
        meters.SignInFailed("throttled");
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        throw new ApiError(StatusCodes.Status429TooManyRequests, "Too many attempts to sign in",
            string.Create(CultureInfo.InvariantCulture, $"Wait {seconds} seconds, or use a sign-in link from an administrator"))
        {
            RetryAfterSeconds = seconds,
        };
    }

    // One customer of IPv6 has a whole /64.
    private static string Network(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
    }
}
