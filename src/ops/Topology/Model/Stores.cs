using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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
    [Description("on the process target redis-server or valkey-server when installed, otherwise the embedded one (the choice is kept with the data); in containers the official image")]
    Auto,

    [Description("redis-server or valkey-server of the machine; in containers the official image")]
    Machine,

    [Description("the embedded server")]
    Embedded,
}

/// <summary>Which program is the ClickHouse of a site.</summary>
public enum ClickHouseServer
{
    [Description("the embedded engine on the process target, a ClickHouse server elsewhere")]
    Auto,

    [Description("a ClickHouse server in a container of its own")]
    Server,

    [Description("the embedded engine: small, for one machine")]
    Embedded,
}

[Description("Small mutable state: accounts, sessions, settings, live sequence numbers.")]
public sealed record Redis
{
    [Description("Which server runs. Data of one are not read by the other.")]
    public RedisServer Server { get; init; } = RedisServer.Auto;

    [Description("Memory for data in a container; a full store refuses writes.")]
    [SizeRange("64MiB", "1TiB")]
    public ByteSize Memory { get; init; } = ByteSize.Mebibytes(512);

    [Description("Image of the server, with its exact version; its digest is taken from the lock file of the images.")]
    [RegularExpression(ImageName.Pattern, ErrorMessage = ImageName.Words)]
    public string Image { get; init; } = "docker.io/library/redis:7.4.7-bookworm";
}

[Description("Append-only facts: cells, imports.")]
public sealed record ClickHouse
{
    [Description("Which server runs. The embedded engine has no replicas.")]
    public ClickHouseServer Server { get; init; } = ClickHouseServer.Auto;

    [Description("Image of the server, with its exact version; its digest is taken from the lock file of the images.")]
    [RegularExpression(ImageName.Pattern, ErrorMessage = ImageName.Words)]
    public string Image { get; init; } = "docker.io/clickhouse/clickhouse-server:26.3.33.24";

    [Description("Memory that all queries together may use.")]
    [SizeRange("256MiB", "1TiB")]
    public ByteSize Memory { get; init; } = ByteSize.Mebibytes(1024);
}
