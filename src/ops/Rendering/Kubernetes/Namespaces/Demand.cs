using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Namespaces;

/// <summary>What a site needs at most: every replica that the autoscaler may add, one more of each service while it is rolled out, and its jobs.</summary>
public sealed record Demand(PodNeeds Needs, int Pods, ByteSize Storage, int Claims)
{
    private static readonly Demand Nothing = new(new PodNeeds(0, 0, default, default), 0, default, 0);

    public static Demand Of(ClusterSite site) => Components.Of(site.Site).Select(component => Of(site, component)).Aggregate(Nothing, (sum, one) => sum.Plus(one));

    private static Demand Of(ClusterSite site, string component)
    {
        var (cluster, needs) = (site.Cluster, PodNeeds.Of(site, component));
        return component switch
        {
            Components.Api => Of(needs, Most(site, component, cluster.Autoscaling.Api) + 1),
            Components.Web or Components.Gateway => Of(needs, Most(site, component, cluster.Autoscaling.Edge) + 1),
            Components.Redis when cluster.Redis.Mode is StoreMode.Replicated => Of(needs.Plus(PodNeeds.Sentinel), cluster.Redis.Replicas, cluster.Redis.Volume),
            Components.Redis => Of(needs, 1, cluster.Redis.Volume),
            Components.ClickHouse => Of(needs, cluster.ClickHouse.Mode is StoreMode.Replicated ? cluster.ClickHouse.Replicas : 1, cluster.ClickHouse.Volume),
            Components.Keeper => Of(needs, cluster.ClickHouse.Keepers, Stores.KeeperStore.Volume),
            // All of them at once, though their times are apart: one may take long.
            Components.Backup => Schedules.BackupJobs.All.Select(job => Of(PodNeeds.OfBackup(site, job.OpensStores), 1))
                .Aggregate(Nothing with { Storage = cluster.Backup.Volume, Claims = 1 }, (sum, one) => sum.Plus(one)),
            _ => Of(needs, 1),
        };
    }

    private static int Most(ClusterSite site, string component, int scaled) =>
        site.Cluster.Autoscaling.Enabled ? Math.Max(scaled, Deployments.ReplicasOf(site, component)) : Deployments.ReplicasOf(site, component);

    private static Demand Of(PodNeeds needs, int pods) => new(needs.Times(pods), pods, default, 0);

    private static Demand Of(PodNeeds needs, int pods, ByteSize volume) => new(needs.Times(pods), pods, new ByteSize(volume.Bytes * pods), pods);

    private Demand Plus(Demand other) => new(
        Needs.Plus(other.Needs), Pods + other.Pods, new ByteSize(Storage.Bytes + other.Storage.Bytes), Claims + other.Claims);
}
