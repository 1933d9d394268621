using Provost.Hosting.Configuration;

namespace Provost.Api.Facts;

/// <summary>Where the facts live.</summary>
internal sealed class FactsOptions : IServiceOptions
{
    /// <summary>HTTP interface of ClickHouse.</summary>
    public string Endpoint { get; set; } = "";

    public string Database { get; set; } = "provost";

    public string User { get; set; } = "provost";

    /// <summary>The cluster that the servers form; empty for one server. With it tables are replicated.</summary>
    public string Cluster { get; set; } = "";

    public Secret Password { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return new(nameof(Endpoint), $"is \"{Endpoint}\"", "set the HTTP address of ClickHouse, for example http://127.0.0.1:8123");
        if (Database.Length == 0 || !Database.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            yield return new(nameof(Database), $"is \"{Database}\"", "use letters, digits and _");
        if (!Cluster.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            yield return new(nameof(Cluster), $"is \"{Cluster}\"", "use letters, digits and _, or leave it out");
        if (User.Length == 0)
            yield return new(nameof(User), "is empty", "set the ClickHouse user");
    }
}
