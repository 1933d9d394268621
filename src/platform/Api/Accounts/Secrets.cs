using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Provost.Api.Accounts;

/// <summary>Tokens that are given away once and stored only as their hash.</summary>
internal static class Secrets
{
    /// <summary>256 random bits.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static bool Equal(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
