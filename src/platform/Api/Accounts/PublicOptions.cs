using Provost.Hosting.Configuration;

namespace Provost.Api.Accounts;

/// <summary>How people reach the installation.</summary>
internal sealed class PublicOptions : IServiceOptions
{
    /// <summary>Address of the frontend: stands in sign-in links and decides whether cookies are Secure.</summary>
    public string Url { get; set; } = "";

    public bool IsHttps => Url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public string SignInUrl(string token) => $"{Url.TrimEnd('/')}/sign-in/{token}";

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return new(nameof(Url), $"is \"{Url}\"", "set the address that people type, for example https://provost.example.edu");
    }
}

/// <summary>The bearer token of operators' tools.</summary>
internal sealed class OperatorOptions : IServiceOptions
{
    public Secret Token { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Token.Reveal().Length < 32)
            yield return new(nameof(Token), Token.IsEmpty ? "is missing" : "is shorter than 32 characters", "make one with: openssl rand -hex 32");
    }
}
