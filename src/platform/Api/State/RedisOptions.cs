using Provost.Hosting.Configuration;

namespace Provost.Api.State;

/// <summary>Where the small mutable state lives.</summary>
internal sealed class RedisOptions : IServiceOptions
{
    /// <summary>host:port.</summary>
    public string Endpoint { get; set; } = "";

    public Secret Password { get; set; } = new("");

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Endpoint.LastIndexOf(':') is var colon && (colon <= 0 || !ushort.TryParse(Endpoint[(colon + 1)..], out var port) || port == 0))
            yield return new(nameof(Endpoint), $"is \"{Endpoint}\"", "set host:port, for example 127.0.0.1:6379");
    }
}
