using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Tests.Kubernetes.Conformance;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>What the servers of replicated stores read: that it fits the pods, the keepers, and what the api asks of them.</summary>
public sealed partial class ReplicatedStoreTests
{
    private static readonly IReadOnlyList<Manifest> Production = Cases.Manifests("production");

    [Fact]
    public void Every_replica_and_every_keeper_is_a_pod_of_its_set()
    {
        var server = Page("clickhouse", "config.xml");

        Assert.Equal(Pods("clickhouse", 9000), server.Element("remote_servers")!.Element("provost")!.Descendants("replica").Select(HostAndPort));
        Assert.Equal(Pods("keeper", 9181), server.Element("zookeeper")!.Elements("node").Select(HostAndPort));
        Assert.Equal(Pods("keeper", 9234), Page("keeper", "keeper.xml").Descendants("raft_configuration").Single().Elements("server").Select(s => $"{s.Element("hostname")!.Value}:{s.Element("port")!.Value}"));
        Assert.Equal(["1", "2", "3"], Page("keeper", "keeper.xml").Descendants("raft_configuration").Single().Elements("server").Select(s => s.Element("id")!.Value));
    }

    [Fact]
    public void The_schema_finds_the_cluster_and_the_macros_that_it_names()
    {
        var (server, environment) = (Page("clickhouse", "config.xml"), Production.Single(m => m.Kind == "ConfigMap" && m.Name.StartsWith("api-environment-", StringComparison.Ordinal)).Body["data"]!);

        // CREATE DATABASE ... ON CLUSTER name ENGINE = Replicated(path, '{shard}', '{replica}')
        Assert.NotNull(server.Element("remote_servers")!.Element((string)environment["PROVOST_ClickHouse__Cluster"]!));
        Assert.Equal(["shard", "replica"], server.Element("macros")!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("/clickhouse/task_queue/ddl", server.Element("distributed_ddl")!.Element("path")!.Value);
        Assert.Contains((string)environment["PROVOST_ClickHouse__User"]!, Page("clickhouse", "users.xml").Element("users")!.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public void A_write_is_on_a_majority_and_the_next_read_sees_it()
    {
        var profile = Page("clickhouse", "users.xml").Element("profiles")!.Element("default")!;

        Assert.Equal("2", profile.Element("insert_quorum")!.Value);
        Assert.Equal(("0", "1"), (profile.Element("insert_quorum_parallel")!.Value, profile.Element("select_sequential_consistency")!.Value));
    }

    [Fact]
    public void Every_variable_that_the_servers_read_is_set_by_the_pod_or_its_program()
    {
        var read = new[] { ("clickhouse", "config.xml"), ("clickhouse", "users.xml"), ("keeper", "keeper.xml") }
            .SelectMany(f => Page(f.Item1, f.Item2).DescendantsAndSelf().Select(e => (string?)e.Attribute("from_env"))).OfType<string>().Distinct();
        var set = File("clickhouse", "start.sh") + Container("keeper")["command"]!.ToJsonString() + Container("clickhouse")["env"]!.ToJsonString();

        Assert.All(read, variable => Assert.Matches($@"\b{variable}\b", set));
    }

    [Fact]
    public void Tables_of_logs_have_an_end_and_there_are_only_two()
    {
        var logs = Page("clickhouse", "config.xml").Elements().Where(e => e.Name.LocalName.EndsWith("_log", StringComparison.Ordinal)).ToList();

        Assert.Equal(["query_log", "part_log"], logs.Select(l => l.Name.LocalName));
        Assert.All(logs, log => Assert.Contains("DELETE", log.Element("ttl")!.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_store_refuses_before_its_container_is_killed()
    {
        var redis = long.Parse(MaxMemory().Match(File("redis", "redis.conf")).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var clickHouse = long.Parse(Page("clickhouse", "config.xml").Element("max_server_memory_usage")!.Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(redis * 1.25 < LimitOf("redis"), "the append-only file's rewrite needs room beside the data");
        Assert.True(clickHouse + (256L << 20) < LimitOf("clickhouse"), "code and connections need room beside the queries");
    }

    private static double LimitOf(string component) => Amounts.Of(Container(component)["resources"]!["limits"]!["memory"]);

    private static IEnumerable<string> Pods(string set, int port) => Enumerable.Range(0, 3).Select(n => $"{set}-{n}.{set}-pods:{port}");

    private static string HostAndPort(XElement element) => $"{element.Element("host")!.Value}:{element.Element("port")!.Value}";

    private static JsonNode Container(string set) => Production.Single(m => m.Kind == "StatefulSet" && m.Name == set).Body["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static XElement Page(string component, string file) => XElement.Parse(File(component, file));

    private static string File(string component, string file) =>
        (string)Production.Single(m => m.Kind == "ConfigMap" && m.Name.StartsWith(component + "-configuration-", StringComparison.Ordinal)).Body["data"]![file]!;

    [GeneratedRegex(@"\nmaxmemory ([0-9]+)\n")]
    private static partial Regex MaxMemory();
}
