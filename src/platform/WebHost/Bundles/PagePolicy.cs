using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Provost.WebHost.Bundles;

/// <summary>The Content-Security-Policy of a page: its inline scripts (Blazor's import map) are allowed by hash, others never.</summary>
internal static partial class PagePolicy
{
    public static string For(string html)
    {
        var hashes = InlineScript().Matches(html)
            .Select(match => match.Groups["script"].Value)
            .Where(script => script.Length > 0)
            .Select(script => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Normalised(script))))}'");
        return $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{string.Concat(hashes)}; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'";
    }

    // Browsers hash what the HTML parser hands them, and that has one kind of line end.
    private static string Normalised(string script) => script.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    [GeneratedRegex(@"<script(?![^>]*\ssrc\s*=)[^>]*>(?<script>.*?)</script>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InlineScript();
}
