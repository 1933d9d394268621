using System.Text.RegularExpressions;

namespace Provost.Api.Accounts;

/// <summary>Names of accounts: lower case, so that Ada and ada are one.</summary>
internal static partial class AccountName
{
    public static string Normalize(string name) => name.Trim().ToLowerInvariant();

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <exception cref="ApiError">The name has letters that a name may not have.</exception>
    public static string Parse(string name) => Normalize(name) is var normal && IsValid(normal)
        ? normal
        : throw ApiError.Invalid($"\"{name}\" cannot be an account's name", "Use 1 to 100 of a-z, 0-9 and . _ - @ +, starting with a letter or digit");

    [GeneratedRegex("^[a-z0-9][a-z0-9._@+-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
