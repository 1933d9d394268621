using Provost.Hosting.Configuration;

namespace Provost.Api.Privacy;

/// <summary>Key of the pseudonyms. Losing it means that no later import finds the students again.</summary>
internal sealed class PseudonymsOptions : IServiceOptions
{
    /// <summary>HMAC key: base64 of 32 bytes.</summary>
    public Secret Key { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems() => KeyBytes.Problems(Key);
}

/// <summary>Key of the names at rest. Losing it means that names are gone until the next import.</summary>
internal sealed class NamesOptions : IServiceOptions
{
    /// <summary>AES-256-GCM key: base64 of 32 bytes.</summary>
    public Secret Key { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems() => KeyBytes.Problems(Key);
}

internal static class KeyBytes
{
    private const int Length = 32;

    public static byte[] Of(Secret key) => Convert.FromBase64String(key.Reveal());

    public static IEnumerable<ConfigurationProblem> Problems(Secret key)
    {
        var bytes = new byte[key.Reveal().Length];
        if (!Convert.TryFromBase64String(key.Reveal(), bytes, out var length) || length != Length)
            yield return new("Key", key.IsEmpty ? "is missing" : "is no base64 of 32 bytes", "make one with: openssl rand -base64 32");
    }
}
