using System.Text.Json;
using Provost.Runbooks.Tests.Targets.Kubernetes;

namespace Provost.Cli.Tests.Commands;

/// <summary>The verbs on a Kubernetes site as scripts use them: exit codes and keys, against the stand-in of an API server.</summary>
public sealed class KubernetesTests : IDisposable
{
    private static readonly string[] DeployKeys = ["release", "from", "durationSeconds", "steps", "requests", "failed", "longestGapMs", "sessionsMoved", "rolledBack", "reason"];

    private readonly StandInCluster cluster = new() { Log = """{"id":"20260131T080000Z-abcdef"}""" };
    private readonly Tool tool = new();

    private const string Campus = """
        name: provost
        sites:
          campus:
            target: kubernetes
        """;

    public KubernetesTests() => tool.Write(Campus);

    public void Dispose()
    {
        tool.Dispose();
        cluster.Dispose();
    }

    [Fact]
    public async Task Plan_says_by_its_exit_code_whether_there_is_something_to_do()
    {
        Assert.Equal(2, (await RunAsync("plan", "--release", "1.0.0")).ExitCode);
        Assert.Equal(0, (await RunAsync("deploy", "1.0.0")).ExitCode);

        Assert.Equal(0, (await RunAsync("plan", "--release", "1.0.0")).ExitCode);
        Assert.Equal(2, (await RunAsync("plan", "--release", "1.1.0")).ExitCode);
    }

    [Theory]
    [InlineData("--context", "none")]
    [InlineData("--site", "none")]
    [InlineData("--config", "none.yaml")]
    [InlineData("--no-such-option", "x")]
    public async Task Every_error_of_plan_is_exit_code_1(string option, string value)
    {
        var run = await RunAsync("plan", option, value);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Json.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_dry_run_of_up_changes_nothing()
    {
        var run = await RunAsync("up", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Json.GetProperty("changes").EnumerateArray());
        Assert.Empty(cluster.Objects);
    }

    [Theory]
    [InlineData("--canary", "10%")]
    [InlineData("--canary-time", "5")]
    [InlineData("--contract", null)]
    public async Task What_a_cluster_does_not_do_is_refused_by_name(string option, string? value)
    {
        var run = await RunAsync(["deploy", option, .. value is null ? [] : new[] { value }]);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains(option, run.Output, StringComparison.Ordinal);
        Assert.Empty(cluster.Objects);
    }

    [Fact]
    public async Task A_deployment_that_is_undone_ends_with_exit_code_9_and_the_keys_of_every_target()
    {
        Assert.All(DeployKeys, key => Assert.True(First().TryGetProperty(key, out _), key));

        var run = await RunAsync("deploy", "2.0.0-broken", "--no-backup");

        Assert.Equal(9, run.ExitCode);
        Assert.All(DeployKeys, key => Assert.True(run.Json.TryGetProperty(key, out _), key));
        Assert.True(run.Json.GetProperty("rolledBack").GetBoolean());
        Assert.Equal(("2.0.0-broken", "1.0.0"), (run.Json.GetProperty("release").GetString(), run.Json.GetProperty("from").GetString()));
        Assert.Contains("does not get ready", run.Json.GetProperty("reason").GetString(), StringComparison.Ordinal);

        JsonElement First() => RunAsync("deploy", "1.0.0").GetAwaiter().GetResult().Json;
    }

    [Fact]
    public async Task Status_and_rollback_have_the_keys_of_every_target()
    {
        await RunAsync("deploy", "1.0.0");
        var second = await RunAsync("deploy", "1.1.0");
        Assert.Contains(second.Json.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("20260131T080000Z-abcdef", StringComparison.Ordinal));

        var status = await RunAsync("status");
        Assert.Equal(0, status.ExitCode);
        var redis = status.Json.GetProperty("services").EnumerateArray().Single(service => service.GetProperty("name").GetString() == "redis").GetProperty("replicas")[0];
        Assert.Equal("redis-0", redis.GetProperty("id").GetString());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (redis.GetProperty("pid").ValueKind, redis.GetProperty("rssBytes").ValueKind));
        Assert.True(status.Json.TryGetProperty("backup", out _));

        var back = await RunAsync("rollback");
        Assert.Equal(0, back.ExitCode);
        Assert.Equal("1.0.0", back.Json.GetProperty("release").GetString());
        Assert.All(DeployKeys, key => Assert.True(back.Json.TryGetProperty(key, out _), key));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\n    backup: { destinations: { near: { directory: backups } } }", true)]
    [InlineData("\n    backup: { destinations: { near: { directory: backups }, offsite: { bucket: campus-backups } } }", false)]
    public async Task A_deployment_says_when_backups_are_lost_with_the_cluster(string backup, bool lost)
    {
        tool.Write(Campus + backup);

        var run = await RunAsync("deploy", "1.0.0", "--no-backup");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(lost, run.Json.GetProperty("notes").EnumerateArray().Any(note => note.GetString()!.Contains("lost with it", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_lock_of_a_cluster_is_looked_at_there()
    {
        cluster.Put("/apis/coordination.k8s.io/v1/namespaces/provost/leases/provost-operation", new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "provost-operation" },
            ["spec"] = new System.Text.Json.Nodes.JsonObject { ["holderIdentity"] = "jane@laptop (7)", ["leaseDurationSeconds"] = 60, ["renewTime"] = "2026-01-31T08:00:00.000000Z" },
        });

        Assert.Equal("jane@laptop (7)", (await RunAsync("lock", "status")).Json.GetProperty("owner").GetString());
        Assert.Equal(0, (await RunAsync("lock", "release")).ExitCode);

        Assert.Empty(cluster.Objects);
    }

    [Fact]
    public async Task Backup_verbs_run_in_the_cluster_and_end_as_the_tool_does_there()
    {
        await RunAsync("deploy", "1.0.0");
        cluster.JobsEndWith = 8;

        var run = await RunAsync("backup", "list");

        Assert.Equal(8, run.ExitCode);
        Assert.Equal("20260131T080000Z-abcdef", run.Json.GetProperty("id").GetString());
    }

    private Task<Run> RunAsync(params string[] arguments)
    {
        var access = Path.Combine(tool.Folder, "kubeconfig");
        File.WriteAllText(access, $$"""
            contexts: [{ name: test, context: { cluster: one, user: me } }]
            clusters: [{ name: one, cluster: { server: '{{cluster.Address}}' } }]
            users: [{ name: me, user: { token: abc } }]
            """);
        return tool.RunAsync([.. arguments, "--kubeconfig", access, "--json"]);
    }
}
