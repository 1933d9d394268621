using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>The stores of a small site: one replica each of the platform's own, with a volume.</summary>
internal static class EmbeddedStores
{
    public static IEnumerable<Manifest> Redis(ClusterSite site) => Render(
        site, Components.Redis, [("redis", Ports.Redis), ("admin", Ports.Admin)], site.Cluster.Redis.Volume, site.Cluster.Redis.StorageClass);

    public static IEnumerable<Manifest> ClickHouse(ClusterSite site) => Render(
        site, Components.ClickHouse, [("http", Ports.Http), ("admin", Ports.Admin)], site.Cluster.ClickHouse.Volume, site.Cluster.ClickHouse.StorageClass);

    private static IEnumerable<Manifest> Render(ClusterSite site, string store, (string Name, int Number)[] ports, ByteSize volume, string? storageClass)
    {
        var environment = EnvironmentOf.Render(site, store);
        var secrets = SecretMounts.Of(site, store);
        var container = new Container(store, site.StoresImage, PodNeeds.Of(site, store))
        {
            // The word after the program: which of the two stores.
            Arguments = [store],
            Ports = ports,
            EnvironmentFrom = environment.Name,
            Environment = [Container.Field(EnvironmentOf.ReplicaName, "metadata.name")],
            Mounts = [.. secrets.Mounts, Volume.Mount("data", "/data"), Volume.Mount("tmp", "/tmp")],
            Probes = PodProbes.OfService(site),
        };
        var pod = new Pod(store, Pod.Platform, [container.Render()])
        {
            Volumes = [.. secrets.Volumes, Volume.Scratch("tmp")],
            Grace = PodProbes.Grace(site.Site),
            Annotations = secrets.Annotations,
        };
        var (name, number) = ports[0];
        yield return environment;
        yield return Service.Of(site, store, (name, number, name));
        yield return Service.Pods(site, store, (name, number, name));
        yield return StatefulSets.Render(site, store, 1, pod, volume, storageClass);
    }
}
