using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("How the agent asks whether a replica is ready and alive.")]
public sealed record Probes
{
    [Description("Time between two probes of a running replica.")]
    [DurationRange("200ms", "5m")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    [Description("Time within which a probe must be answered.")]
    [DurationRange("100ms", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    [Description("Liveness probes missed in a row after which a replica counts as hung and is started anew.")]
    [Range(1, 100)]
    public int Failures { get; init; } = 10;

    [Description("Time that a replica has from its start until it is ready.")]
    [DurationRange("5s", "1h")]
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(90);
}

[Description("How a replica stops.")]
public sealed record Shutdown
{
    [Description("Time for which new requests are still served after the signal to stop. With more than 20 live connections for each of its seconds a replica takes longer, at the cost of up to half of the limit.")]
    [DurationRange("0s", "5m")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    [Description("Time for requests in flight after the drain.")]
    [DurationRange("1s", "30m")]
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>Least severe entry that is written.</summary>
public enum LogLevel
{
    [Description("everything, for development")]
    Debug,

    [Description("what happened")]
    Information,

    [Description("what should be looked at")]
    Warning,

    [Description("what failed")]
    Error,
}

[Description("Log files of the replicas.")]
public sealed record Logs
{
    [Description("Least severe entry that is written.")]
    public LogLevel Level { get; init; } = LogLevel.Information;

    [Description("Size at which a log file is set aside and a new one begun.")]
    [SizeRange("64KiB", "4GiB")]
    public ByteSize MaxSize { get; init; } = ByteSize.Mebibytes(16);

    [Description("Log files set aside that are kept for each replica.")]
    [Range(1, 100)]
    public int Keep { get; init; } = 4;
}

[Description("Releases that can be returned to, and what a deployment asks for before it begins.")]
public sealed record KeptReleases
{
    [Description("Releases that are kept; what is live and what was before it stay in any case.")]
    [Range(2, 50)]
    public int Keep { get; init; } = 5;

    [Description("Disk space without which a deployment does not begin.")]
    [SizeRange("64MiB", "1TiB")]
    public ByteSize Space { get; init; } = ByteSize.Mebibytes(256);
}

[Description("Traces, sent by OTLP. Off until an endpoint is set.")]
public sealed record Traces
{
    [Description("URL of the OTLP collector, like http://127.0.0.1:4317.")]
    [HttpUrl]
    public string? Endpoint { get; init; }

    [Description("Share of requests that are traced, 0 to 1.")]
    [Range(0.0, 1.0)]
    public double SampleRatio { get; init; } = 0.1;
}
