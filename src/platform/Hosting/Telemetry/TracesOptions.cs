using Provost.Hosting.Configuration;

namespace Provost.Hosting.Telemetry;

/// <summary>Section <c>Traces</c>.</summary>
public sealed class TracesOptions : IServiceOptions
{
    /// <summary>Collector that takes OTLP over gRPC, e.g. <c>http://127.0.0.1:4317</c>; nothing is exported without it.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Share of the requests that are traced, 0 to 1.</summary>
    public double SampleRatio { get; set; } = 0.1;

    /// <summary>Whether anybody collects spans.</summary>
    public bool AreExported => Endpoint is not null;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")))
        {
            yield return new(nameof(Endpoint), $"is \"{Endpoint}\", which is no address of a collector", "set http://HOST:4317, or leave it out");
        }

        if (SampleRatio is not (>= 0 and <= 1))
        {
            yield return new(nameof(SampleRatio), $"is {SampleRatio}", "set a share from 0 to 1");
        }
    }
}
