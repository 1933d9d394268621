using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>What a container is given at least and at most.</summary>
public sealed record PodNeeds(double Cpu, double CpuLimit, ByteSize Memory, ByteSize MemoryLimit)
{
    public static PodNeeds Sentinel { get; } = new(0.02, 0.2, ByteSize.Mebibytes(32), ByteSize.Mebibytes(96));

    public static PodNeeds Keeper { get; } = new(0.05, 0.5, ByteSize.Mebibytes(128), ByteSize.Mebibytes(512));

    public static PodNeeds Job { get; } = new(0.05, 1, ByteSize.Mebibytes(96), ByteSize.Mebibytes(384));

    private const int BackupMebibytes = 1536;

    public static PodNeeds Of(ClusterSite site, string component) => component switch
    {
        Components.Api => With(site.Cluster.Resources.Api, 0.1, 2, 192, 1024),
        Components.Web => With(site.Cluster.Resources.Web, 0.02, 0.5, 64, 256),
        Components.Gateway => With(site.Cluster.Resources.Gateway, 0.05, 1, 96, 512),
        // A rewrite of the append-only file copies what is written meanwhile.
        Components.Redis => With(site.Cluster.Resources.Redis, 0.05, 1, 160, (site.Site.Stores.Redis.Memory.WholeMebibytes * 3 / 2) + 128),
        Components.ClickHouse => ClickHouse(site),
        Components.Keeper => Keeper,
        _ => Job,
    };

    /// <summary>Of a pod that makes or checks backups: beside both stores over a copy, the tool itself and the embedded engine's own needs.</summary>
    /// <param name="opensStores">Whether it opens copies of them at all.</param>
    public static PodNeeds OfBackup(ClusterSite site, bool opensStores)
    {
        var stores = site.Site.Stores;
        return opensStores
            ? new(0.1, 2, ByteSize.Mebibytes(256), ByteSize.Mebibytes((stores.Redis.Memory.WholeMebibytes * 3 / 2) + stores.ClickHouse.Memory.WholeMebibytes + BackupMebibytes))
            : new(0.05, 1, ByteSize.Mebibytes(128), ByteSize.Mebibytes(512));
    }

    public PodNeeds Plus(PodNeeds other) =>
        new(Cpu + other.Cpu, CpuLimit + other.CpuLimit, Sum(Memory, other.Memory), Sum(MemoryLimit, other.MemoryLimit));

    public PodNeeds Times(double factor) =>
        new(Cpu * factor, CpuLimit * factor, new ByteSize((long)(Memory.Bytes * factor)), new ByteSize((long)(MemoryLimit.Bytes * factor)));

    public JsonObject Render() => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = Quantity.Cores(Cpu), ["memory"] = Quantity.Bytes(Memory) },
        ["limits"] = new JsonObject { ["cpu"] = Quantity.Cores(CpuLimit), ["memory"] = Quantity.Bytes(MemoryLimit) },
    };

    // The engine's own limit is for queries and caches; code, connections and the allocator's reserve come on top.
    private static PodNeeds ClickHouse(ClusterSite site)
    {
        var queries = site.Site.Stores.ClickHouse.Memory.WholeMebibytes;
        return With(site.Cluster.Resources.ClickHouse, 0.2, 2, (queries / 2) + 256, (queries * 5 / 4) + 768);
    }

    // A limit that is set alone, below what is set aside by default, pulls that down; and the other way round.
    private static PodNeeds With(PodResources set, double cpu, double cpuLimit, long memory, long memoryLimit)
    {
        var (least, most) = (set.Memory ?? ByteSize.Mebibytes(memory), set.MemoryLimit ?? ByteSize.Mebibytes(memoryLimit));
        var (leastCpu, mostCpu) = (set.Cpu ?? cpu, set.CpuLimit ?? cpuLimit);
        return new PodNeeds(
            Math.Min(leastCpu, mostCpu), Math.Max(leastCpu, mostCpu),
            least < most ? least : most, least > most ? least : most);
    }

    private static ByteSize Sum(ByteSize one, ByteSize other) => new(one.Bytes + other.Bytes);
}
