using System.Text.RegularExpressions;

namespace Provost.WebHost.Bundles;

/// <summary>Whether a file's name carries a hash of its content (<c>dotnet.native.0b5v9y1mfx.wasm</c>), so that it never changes.</summary>
internal static partial class Fingerprint
{
    /// <summary>Outside of _framework a digit is asked for too: <c>site.javascript.css</c> is a plain name.</summary>
    public static bool IsIn(string path) =>
        Name().Match(path) is { Success: true } match
        && (path.StartsWith("_framework/", StringComparison.Ordinal) || match.Groups["hash"].ValueSpan.ContainsAnyInRange('0', '9'));

    [GeneratedRegex(@"\.(?<hash>[a-z0-9]{10})\.[^/]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
