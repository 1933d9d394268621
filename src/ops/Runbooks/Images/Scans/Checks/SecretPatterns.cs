using System.Text;
using System.Text.RegularExpressions;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Secrets of known shapes. Each shape is specific enough that code which merely talks about it does not match.</summary>
internal static partial class SecretPatterns
{
    private static readonly string[] Names = [".env", ".npmrc", ".netrc", ".git-credentials", ".pgpass", "id_rsa", "id_ed25519", "id_ecdsa", ".dockercfg"];
    private static readonly string[] NameEnds = [".pfx", ".p12", ".jks", ".keystore", ".docker/config.json", ".aws/credentials", ".kube/config"];

    /// <summary>What kind of secret the file is by its name; null when it is none.</summary>
    public static string? ByName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return Names.Contains(name) || (name.StartsWith(".env.", StringComparison.Ordinal) && !name.EndsWith(".example", StringComparison.Ordinal))
            || NameEnds.Any(end => path.EndsWith(end, StringComparison.Ordinal)) ? $"a file called {name}" : null;
    }

    /// <summary>What kind of secret is in the content; null when there is none.</summary>
    public static string? ByContent(ReadOnlySpan<byte> content)
    {
        var text = Encoding.Latin1.GetString(content);
        return PrivateKey().IsMatch(text) ? "a private key"
            : AwsKey().IsMatch(text) ? "an AWS access key"
            : GitHubToken().IsMatch(text) ? "a GitHub token"
            : GitLabToken().IsMatch(text) ? "a GitLab token"
            : SlackToken().IsMatch(text) ? "a Slack token"
            : NpmToken().IsMatch(text) ? "an npm token"
            : GoogleKey().IsMatch(text) ? "a Google API key"
            : StripeKey().IsMatch(text) ? "a Stripe key"
            : JsonWebToken().IsMatch(text) ? "a JSON Web Token"
            : Assignments().Matches(text).Any(match => IsRandom(match.Groups["value"].Value)) ? "a password or a token in an assignment"
            : null;
    }

    /// <summary>What kind of secret is in a command line, a label or a step of a build; null when there is none.</summary>
    public static string? ByText(string text) => ByContent(Encoding.Latin1.GetBytes(text))
        ?? (GivenValues().Matches(text).FirstOrDefault(match => IsSecretVariable(match.Groups["name"].Value.Replace('-', '_'), match.Groups["value"].Value)) is { } given
            ? $"a value of {given.Groups["name"].Value}" : null);

    /// <summary>Whether an environment variable of the image carries a secret.</summary>
    public static bool IsSecretVariable(string name, string value) =>
        value.Length > 0 && SecretName().IsMatch(name) && !value.StartsWith('/') && !value.StartsWith("unix:", StringComparison.Ordinal);

    // Words have about 2.5 to 3.5 bits per character; random base64 of this length 4 and more.
    private static bool IsRandom(string value)
    {
        var entropy = value.GroupBy(c => c).Select(group => (double)group.Count() / value.Length).Sum(share => -share * Math.Log2(share));
        return entropy >= 3.8 && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter);
    }

    [GeneratedRegex(@"-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY( BLOCK)?-----\r?\n[A-Za-z0-9+/=:\r\n ,-]{64}")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b")]
    private static partial Regex AwsKey();

    [GeneratedRegex(@"\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{82})\b")]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"\bglpat-[0-9A-Za-z_-]{20}\b")]
    private static partial Regex GitLabToken();

    [GeneratedRegex(@"\bxox[baprs]-[0-9]{8,}-[0-9A-Za-z-]{20,}\b")]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"\bnpm_[0-9A-Za-z]{36}\b")]
    private static partial Regex NpmToken();

    [GeneratedRegex(@"\bAIza[0-9A-Za-z_-]{35}\b")]
    private static partial Regex GoogleKey();

    [GeneratedRegex(@"\b[sr]k_live_[0-9A-Za-z]{24,}\b")]
    private static partial Regex StripeKey();

    [GeneratedRegex(@"\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{40,}\b")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"^\s*(export\s+)?[""']?\w*(password|passwd|secret|token|api_?key)[""']?\s*[=:]\s*[""']?(?<value>[0-9A-Za-z+/_-]{20,}={0,2})[""']?,?\s*$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Assignments();

    // --name value, --name=value, NAME=value; $(...) and $NAME are read when it runs.
    [GeneratedRegex(@"(?:(?<![\w-])--?(?<name>\w[\w-]*)[= ]|(?<![\w-])(?<name>\w+)=)[""']?(?<value>[^\s""'$]+)")]
    private static partial Regex GivenValues();

    [GeneratedRegex(@"(password|passwd|secret|token|api_?key|private_?key)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
