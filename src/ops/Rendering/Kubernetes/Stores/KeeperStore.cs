using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>Keepers: a majority of them knows which parts the replicas of ClickHouse must have.</summary>
internal static class KeeperStore
{
    /// <summary>User and group of the server's image.</summary>
    public const int User = 101;

    // A log and its snapshots, trimmed by the keepers themselves.
    public static ByteSize Volume { get; } = ByteSize.Mebibytes(1024);

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var configuration = Configuration.Of(site, Components.Keeper, "configuration", new Dictionary<string, string>
        {
            ["keeper.xml"] = ClickHouseFiles.Keeper(site.Cluster.ClickHouse.Keepers),
        });
        var container = new Container("keeper", site.Cluster.Images.ClickHouse, PodNeeds.Keeper)
        {
            // Each is a member by the number in its name.
            Command = ["/bin/sh", "-c", "export KEEPER_ID=$((${HOSTNAME##*-} + 1)); exec clickhouse keeper --config-file=/configuration/keeper.xml"],
            Ports = [("client", Ports.Keeper), ("quorum", Ports.KeeperQuorum), ("health", Ports.KeeperHealth)],
            Mounts =
            [
                Workloads.Volume.Mount("configuration", "/configuration", readOnly: true),
                Workloads.Volume.Mount("data", "/var/lib/clickhouse-keeper"),
                Workloads.Volume.Mount("tmp", "/tmp"),
            ],
            // Alive is who listens; ready is who has a leader.
            Probes = PodProbes.OfSocket(site, "client", ready: ("health", "/ready")),
        };
        var pod = new Pod(Components.Keeper, User, [container.Render()])
        {
            Volumes = [Workloads.Volume.Configuration("configuration", configuration.Name), Workloads.Volume.Scratch("tmp", "64Mi")],
            Grace = TimeSpan.FromSeconds(30),
        };
        yield return configuration;
        yield return Service.Pods(site, Components.Keeper, ("client", Ports.Keeper, "client"), ("quorum", Ports.KeeperQuorum, "quorum"));
        yield return StatefulSets.Render(site, Components.Keeper, site.Cluster.ClickHouse.Keepers, pod, Volume, site.Cluster.ClickHouse.StorageClass);
    }
}
