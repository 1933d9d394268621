using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("Processor and memory of each replica.")]
public sealed record ClusterResources
{
    [Description("Backend.")]
    public PodResources Api { get; init; } = new();

    [Description("Frontend.")]
    public PodResources Web { get; init; } = new();

    [Description("The edge.")]
    public PodResources Gateway { get; init; } = new();

    [Description("Redis.")]
    public PodResources Redis { get; init; } = new();

    [Description("ClickHouse. Its memory follows stores.clickHouse.memory when left out.")]
    public PodResources ClickHouse { get; init; } = new();
}

[Description("Processor and memory of a replica. What is left out has a default for each service.")]
public sealed record PodResources
{
    [Description("Cores that are set aside.")]
    [Range(0.01, 128.0)]
    public double? Cpu { get; init; }

    [Description("Cores that may be used.")]
    [Range(0.01, 128.0)]
    public double? CpuLimit { get; init; }

    [Description("Memory that is set aside.")]
    [SizeRange("32MiB", "1TiB")]
    public ByteSize? Memory { get; init; }

    [Description("Memory that may be used; one byte more, and the replica is started anew.")]
    [SizeRange("32MiB", "1TiB")]
    public ByteSize? MemoryLimit { get; init; }
}

[Description("Replicas by load. services.api.replicas and services.web.replicas are the least.")]
public sealed record Autoscaling
{
    [Description("Whether replicas follow the load. The cluster needs a metrics server.")]
    public bool Enabled { get; init; }

    [Description("Most replicas of the api.")]
    [Range(1, 100)]
    public int Api { get; init; } = 6;

    [Description("Most replicas of the web host and of the gateway.")]
    [Range(1, 100)]
    public int Edge { get; init; } = 4;

    [Description("Share of the processor that is set aside, in percent, above which replicas are added.")]
    [Range(10, 1000)]
    public int CpuPercent { get; init; } = 70;

    [Description("Live connections of an api replica above which replicas are added; 0 does not count them. The cluster needs a custom metrics adapter that offers kestrel_upgraded_connections for pods.")]
    [Range(0, 100_000)]
    public int LiveConnections { get; init; }
}

[Description("Who else takes part in the cluster.")]
public sealed record Neighbours
{
    [Description("Namespace from which metrics are collected.")]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a namespace")]
    public string Monitoring { get; init; } = "monitoring";

    [Description("Namespace of the collector that traces are sent to.")]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a namespace")]
    public string Tracing { get; init; } = "monitoring";

    [Description("Namespace of Vault.")]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a namespace")]
    public string Vault { get; init; } = "vault";
}
