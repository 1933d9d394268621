using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Provost.Api.Accounts;

/// <summary>PBKDF2-HMAC-SHA512 by the framework's hasher; an unknown account costs as much time as a known one.</summary>
internal sealed class Passwords
{
    public const int Shortest = 12;
    public const int Longest = 256;

    private readonly PasswordHasher<string> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly Lazy<string> nobodys;

    public Passwords() => nobodys = new(() => hasher.HashPassword("", Secrets.NewToken()));

    public string Hash(string user, string password) => hasher.HashPassword(user, password);

    /// <summary>False for a wrong password, an account without one and no account: all after the same work.</summary>
    public bool Verify(AccountRecord? account, string password)
    {
        var matches = hasher.VerifyHashedPassword(account?.User ?? "", account?.PasswordHash ?? nobodys.Value, password) != PasswordVerificationResult.Failed;
        return matches && account?.PasswordHash is not null;
    }

    /// <exception cref="ApiError">Too short, too long, too common, or the account's own name.</exception>
    public static void MustBeGood(string user, string password)
    {
        if (password.Length is < Shortest or > Longest)
            throw ApiError.Invalid($"The password has {password.Length} characters", $"Use {Shortest} to {Longest}: three or four words are easy to remember");
        if (password.Contains(user, StringComparison.OrdinalIgnoreCase) && password.Length < user.Length + 8)
            throw ApiError.Invalid("The password is little more than the account's name", "Use three or four words that are not about you");
        if (password.Distinct().Count() < 5 || CommonPasswords.Contains(password))
            throw ApiError.Invalid("The password is one of those that are tried first", "Use three or four words that nobody would expect together");
    }
}
