using System.Globalization;
using System.Xml.Linq;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>Configuration of ClickHouse servers and keepers, whole: nothing of the image's own is left in force.</summary>
internal static class ClickHouseFiles
{
    /// <summary>Name of the cluster that the replicas form.</summary>
    public const string Cluster = "provost";

    private const int KeptDays = 14;

    private static readonly string[] KeptLogs = ["query_log", "part_log"];

    public static string Server(ClusterSite site) => Page(
    [
        new("logger", new XElement("level", "information"), new XElement("console", 1), new XElement("formatting", new XElement("type", "json"))),
        new("listen_host", "0.0.0.0"),
        new("http_port", Ports.ClickHouse),
        new("tcp_port", Ports.ClickHouseNative),
        new("interserver_http_port", Ports.ClickHouseParts),
        FromEnvironment("interserver_http_host", "REPLICA_HOST"),
        new("interserver_http_credentials", new XElement("user", "interserver"), FromEnvironment("password", "CLICKHOUSE_INTERSERVER_SECRET")),
        new("path", "/var/lib/clickhouse/"),
        new("tmp_path", "/var/lib/clickhouse/tmp/"),
        new("user_files_path", "/var/lib/clickhouse/user_files/"),
        new("format_schema_path", "/var/lib/clickhouse/format_schemas/"),
        new("user_directories", new XElement("users_xml", new XElement("path", "/configuration/users.xml"))),
        new("default_profile", "default"),
        new("default_database", "default"),
        new("mlock_executable", "false"),
        .. Memory(site.Site.Stores.ClickHouse.Memory.Bytes),
        .. Members(site),
        new("distributed_ddl", new XElement("path", "/clickhouse/task_queue/ddl")),
        new("prometheus", new XElement("endpoint", "/metrics"), new XElement("port", Ports.ClickHouseMetrics), new XElement("metrics", "true"), new XElement("asynchronous_metrics", "true")),
        new("merge_tree", new XElement("fsync_after_insert", 1), new XElement("fsync_part_directory", 1)),
        .. Logs(),
    ]);

    public static string Users(int replicas) => Page(
    [
        new("profiles", new XElement("default", Consistency(replicas))),
        new("quotas", new XElement("default")),
        new("users", new XElement("provost",
            FromEnvironment("password_sha256_hex", "CLICKHOUSE_PASSWORD_SHA256"),
            new XElement("networks", new XElement("ip", "::/0")),
            new XElement("profile", "default"),
            new XElement("quota", "default"),
            new XElement("access_management", 0))),
    ]);

    public static string Keeper(int keepers) => Page(
    [
        new("logger", new XElement("level", "information"), new XElement("console", 1)),
        new("listen_host", "0.0.0.0"),
        new("path", "/var/lib/clickhouse-keeper/"),
        new("keeper_server",
            new XElement("tcp_port", Ports.Keeper),
            FromEnvironment("server_id", "KEEPER_ID"),
            new XElement("log_storage_path", "/var/lib/clickhouse-keeper/log"),
            new XElement("snapshot_storage_path", "/var/lib/clickhouse-keeper/snapshots"),
            new XElement("http_control", new XElement("port", Ports.KeeperHealth), new XElement("readiness", new XElement("endpoint", "/ready"))),
            new XElement("coordination_settings", new XElement("operation_timeout_ms", 10_000), new XElement("session_timeout_ms", 30_000)),
            new XElement("raft_configuration", Enumerable.Range(0, keepers).Select(n => new XElement("server",
                new XElement("id", n + 1), new XElement("hostname", Host(Components.Keeper, n)), new XElement("port", Ports.KeeperQuorum))))),
    ]);

    // An acknowledged write is on a majority, and whoever reads next sees it, whichever replica answers.
    private static XElement[] Consistency(int replicas) =>
    [
        new("insert_quorum", (replicas / 2) + 1),
        new("insert_quorum_parallel", 0),
        new("insert_quorum_timeout", 20_000),
        new("select_sequential_consistency", 1),
        new("log_queries", 1),
        new("max_execution_time", 300),
        new("distributed_ddl_task_timeout", 60),
    ];

    private static XElement[] Memory(long limit) =>
    [
        new("max_server_memory_usage", limit),
        new("mark_cache_size", limit / 16),
        new("uncompressed_cache_size", 0),
        new("max_concurrent_queries", 100),
    ];

    private static XElement[] Members(ClusterSite site) =>
    [
        new("macros", new XElement("shard", 1), FromEnvironment("replica", "REPLICA")),
        new("remote_servers", new XElement(Cluster, new XElement("shard",
            new XElement("internal_replication", "true"),
            Enumerable.Range(0, site.Cluster.ClickHouse.Replicas).Select(n => new XElement("replica",
                new XElement("host", Host(Components.ClickHouse, n)), new XElement("port", Ports.ClickHouseNative)))))),
        new("zookeeper", Enumerable.Range(0, site.Cluster.ClickHouse.Keepers).Select(n => new XElement("node",
            new XElement("host", Host(Components.Keeper, n)), new XElement("port", Ports.Keeper)))),
    ];

    // Logs in tables fill disks: only what helps to find a slow query, and not for ever. What is not named here is not written.
    private static XElement[] Logs() => [.. KeptLogs.Select(log => new XElement(log,
        new XElement("database", "system"),
        new XElement("table", log),
        new XElement("partition_by", "toMonday(event_date)"),
        new XElement("ttl", string.Create(CultureInfo.InvariantCulture, $"event_date + INTERVAL {KeptDays} DAY DELETE")),
        new XElement("flush_interval_milliseconds", 30_000)))];

    private static XElement FromEnvironment(string element, string variable) => new(element, new XAttribute("from_env", variable));

    private static string Host(string component, int number) => string.Create(CultureInfo.InvariantCulture, $"{component}-{number}.{Service.PodsName(component)}");

    private static string Page(IEnumerable<XElement> elements) => new XElement("clickhouse", elements).ToString() + "\n";
}
