using Provost.Hosting.Configuration;

namespace Provost.Api.State;

/// <summary>Where the small mutable state lives.</summary>
internal sealed class RedisOptions : IServiceOptions
{
    /// <summary>host:port; several, comma-separated, when they are sentinels.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>What the sentinels at Endpoint call the primary; empty when Endpoint is the server itself.</summary>
    public string Primary { get; set; } = "";

    public Secret Password { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems()
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.LastIndexOf(':') is var colon && (colon <= 0 || !ushort.TryParse(endpoint[(colon + 1)..], out var port) || port == 0))
                yield return new(nameof(Endpoint), $"is \"{Endpoint}\"", "set host:port, for example 127.0.0.1:6379");
        }

        if (Endpoints.Length > 1 && Primary.Length == 0)
            yield return new(nameof(Primary), "is missing, and there are several endpoints", "set the name by which the sentinels know the primary");
    }

    internal string[] Endpoints => Endpoint.Split(',');
}
