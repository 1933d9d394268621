using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>Replicas of ClickHouse that each hold everything; a write is acknowledged when a majority has it.</summary>
internal static class ReplicatedClickHouse
{
    // A server that stops finishes its queries and hands its parts over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(120);

    // The server takes a hash from the environment, so the password itself stays in its file. The replicas ask each other with the same one.
    private const string Start = """
        password="$(cat /run/secrets/ClickHouse__Password)"
        CLICKHOUSE_PASSWORD_SHA256="$(printf %s "$password" | sha256sum | cut -c 1-64)"
        CLICKHOUSE_INTERSERVER_SECRET="$(printf 'interserver %s' "$password" | sha256sum | cut -c 1-64)"
        REPLICA_HOST="$REPLICA.clickhouse-pods"
        unset password
        export CLICKHOUSE_PASSWORD_SHA256 CLICKHOUSE_INTERSERVER_SECRET REPLICA_HOST
        exec clickhouse server --config-file=/configuration/config.xml

        """;

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var clickHouse = site.Cluster.ClickHouse;
        var configuration = Configuration.Of(site, Components.ClickHouse, "configuration", new Dictionary<string, string>
        {
            ["config.xml"] = ClickHouseFiles.Server(site),
            ["users.xml"] = ClickHouseFiles.Users(clickHouse.Replicas),
            ["start.sh"] = Start,
        });
        var secrets = SecretMounts.Of(site, Components.ClickHouse);
        var container = new Container(Components.ClickHouse, site.Cluster.Images.ClickHouse, PodNeeds.Of(site, Components.ClickHouse))
        {
            Command = ["/bin/sh", "-eu", "/configuration/start.sh"],
            Ports =
            [
                ("http", Ports.ClickHouse), ("native", Ports.ClickHouseNative), ("interserver", Ports.ClickHouseParts), ("metrics", Ports.ClickHouseMetrics),
            ],
            Environment = [Container.Field("REPLICA", "metadata.name")],
            Mounts =
            [
                .. secrets.Mounts,
                Volume.Mount("configuration", "/configuration", readOnly: true),
                Volume.Mount("data", "/var/lib/clickhouse"),
                Volume.Mount("tmp", "/tmp"),
            ],
            // Ready is who is not far behind the others.
            Probes = PodProbes.OfHttp(site, "http", "/ping", "/replicas_status"),
        };
        var pod = new Pod(Components.ClickHouse, KeeperStore.User, [container.Render()])
        {
            Volumes = [.. secrets.Volumes, Volume.Configuration("configuration", configuration.Name), Volume.Scratch("tmp")],
            Grace = Grace,
            Annotations = secrets.Annotations,
        };
        yield return configuration;
        yield return Service.Of(site, Components.ClickHouse, ("http", Ports.ClickHouse, "http"));
        yield return Service.Pods(
            site, Components.ClickHouse, ("http", Ports.ClickHouse, "http"), ("native", Ports.ClickHouseNative, "native"), ("interserver", Ports.ClickHouseParts, "interserver"));
        yield return StatefulSets.Render(site, Components.ClickHouse, clickHouse.Replicas, pod, clickHouse.Volume, clickHouse.StorageClass);
    }
}
