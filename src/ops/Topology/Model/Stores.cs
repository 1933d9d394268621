using System.ComponentModel;

namespace Provost.Topology.Model;

[Description("The stores of the platform.")]
public sealed record Stores
{
    [Description("Small mutable state: accounts, sessions, settings, live sequence numbers.")]
    public Redis Redis { get; init; } = new();

    [Description("Append-only facts: cells, imports.")]
    public ClickHouse ClickHouse { get; init; } = new();
}

/// <summary>Which program is the Redis of a site on the process target.</summary>
public enum RedisServer
{
    [Description("redis-server or valkey-server when installed, otherwise the embedded one; the choice is kept with the data")]
    Auto,

    [Description("redis-server or valkey-server of the machine")]
    Machine,

    [Description("the embedded server")]
    Embedded,
}

[Description("Small mutable state: accounts, sessions, settings, live sequence numbers.")]
public sealed record Redis
{
    [Description("Which server runs. Data of one are not read by the other.")]
    public RedisServer Server { get; init; } = RedisServer.Auto;
}

[Description("Append-only facts: cells, imports.")]
public sealed record ClickHouse
{
    [Description("Memory that all queries together may use.")]
    [SizeRange("256MiB", "1TiB")]
    public ByteSize Memory { get; init; } = ByteSize.Mebibytes(1024);
}
