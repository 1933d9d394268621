using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

/// <summary>Who runs a store of a site on Kubernetes.</summary>
public enum StoreMode
{
    [Description("one replica of the embedded server, from the platform's own images")]
    Embedded,

    [Description("replicas that stand in for each other, from the server's own image")]
    Replicated,

    [Description("a managed service outside of the installation")]
    External,
}

[Description("Backups made inside of the cluster.")]
public sealed record ClusterBackups
{
    [Description("Volume for destinations that are directories, and for work that is under way.")]
    [SizeRange("1GiB", "64TiB")]
    public ByteSize Volume { get; init; } = ByteSize.Mebibytes(20 * 1024);

    [Description("Storage class of the volume; the cluster's default when left out.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a StorageClass")]
    public string? StorageClass { get; init; }
}

[Description("The Redis of the site.")]
public sealed record ClusterRedis
{
    [Description("Who runs it.")]
    public StoreMode Mode { get; init; } = StoreMode.Embedded;

    [Description("HOST:PORT of the managed service.")]
    [RegularExpression(@"^[a-z0-9.-]+:\d{1,5}$", ErrorMessage = "HOST:PORT")]
    public string? Endpoint { get; init; }

    [Description("Replicas where it is replicated: a primary and its stand-ins. Each has a sentinel beside it, so the number is odd.")]
    [Range(3, 7)]
    public int Replicas { get; init; } = 3;

    [Description("Volume of each replica.")]
    [SizeRange("64MiB", "64TiB")]
    public ByteSize Volume { get; init; } = ByteSize.Mebibytes(2048);

    [Description("Storage class of the volumes; the cluster's default when left out.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a StorageClass")]
    public string? StorageClass { get; init; }
}

[Description("The ClickHouse of the site.")]
public sealed record ClusterClickHouse
{
    [Description("Who runs it.")]
    public StoreMode Mode { get; init; } = StoreMode.Embedded;

    [Description("HTTP address of the managed service.")]
    [HttpUrl]
    public string? Endpoint { get; init; }

    [Description("Name of its cluster, where the managed service has several servers: tables are then replicated.")]
    [RegularExpression("^[A-Za-z_][A-Za-z0-9_]{0,62}$", ErrorMessage = "letters, digits and _")]
    public string? Cluster { get; init; }

    [Description("Replicas where it is replicated: a write is acknowledged when a majority has it, so the number is odd.")]
    [Range(3, 7)]
    public int Replicas { get; init; } = 3;

    [Description("Keepers that agree on what the replicas hold: an odd number.")]
    [Range(3, 7)]
    public int Keepers { get; init; } = 3;

    [Description("Volume of each replica.")]
    [SizeRange("256MiB", "64TiB")]
    public ByteSize Volume { get; init; } = ByteSize.Mebibytes(10 * 1024);

    [Description("Storage class of the volumes; the cluster's default when left out.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a StorageClass")]
    public string? StorageClass { get; init; }
}
