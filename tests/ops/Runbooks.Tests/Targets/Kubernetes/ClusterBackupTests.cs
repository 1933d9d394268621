using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Backups;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Verbs about backups as Jobs of a cluster.</summary>
public sealed class ClusterBackupTests : IDisposable
{
    private const string Jobs = "/apis/batch/v1/namespaces/provost/jobs/";
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_verb_is_a_job_of_the_cron_jobs_template_with_its_own_words()
    {
        await InstallAsync();
        cluster.Log = "one line\nanother line";
        List<string> lines = [];

        var exit = await BackupAsync(backup => backup.RunAsync(["backup", "list", "--json"], lines.Add, TestContext.Current.CancellationToken));

        Assert.Equal(0, exit);
        Assert.Equal(["one line", "another line"], lines);
        var job = cluster.Objects.Single(o => o.Key.StartsWith(Jobs + "prune-by-hand-", StringComparison.Ordinal)).Value;
        var pod = job["spec"]!["template"]!["spec"]!;
        Assert.Equal("backup list --json --config /etc/provost/provost.yaml --site campus", string.Join(' ', pod["containers"]![0]!["args"]!.AsArray().Select(word => (string)word!)));
        Assert.Equal(("Never", "backup"), ((string)pod["restartPolicy"]!, (string)pod["serviceAccountName"]!));
        Assert.Equal("manual", (string)job["metadata"]!["annotations"]!["cronjob.kubernetes.io/instantiate"]!);
        Assert.True((int)job["spec"]!["ttlSecondsAfterFinished"]! > 0);
    }

    [Theory]
    [InlineData("backup create --to far", "backup")]
    [InlineData("backup verify --restore", "verify")]
    [InlineData("backup --json prune --yes", "prune")]
    [InlineData("backup erasures", "erasures")]
    [InlineData("backup list", "prune")]
    public void What_opens_the_stores_has_the_memory_for_it(string typed, string job) => Assert.Equal(job, ClusterBackup.JobFor(typed.Split(' ')).Name);

    [Fact]
    public async Task The_exit_code_is_that_of_the_tool_inside()
    {
        await InstallAsync();
        cluster.JobsEndWith = 6;

        Assert.Equal(6, await BackupAsync(backup => backup.RunAsync(["backup", "verify"], _ => { }, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_pod_that_never_starts_is_told_with_what_it_waits_for()
    {
        await InstallAsync();
        cluster.JobsEndWith = null;

        var error = await Assert.ThrowsAsync<OperationError>(() => BackupAsync(backup => backup.RunAsync(["backup", "create"], _ => { }, TestContext.Current.CancellationToken)));

        Assert.Equal(ErrorKind.NotReady, error.Kind);
        Assert.Contains(error.Details, line => line.Contains("ContainerCreating", StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Objects.Keys, key => key.StartsWith(Jobs + "backup-by-hand-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named()
    {
        await InstallAsync();
        cluster.Refuse = (method, path) => method == "POST" && path.EndsWith("/jobs", StringComparison.Ordinal) ? (403, "Forbidden", "jobs.batch is forbidden: User \"jane\" cannot create resource \"jobs\"") : null;

        var refusal = await Assert.ThrowsAsync<ApiRefusal>(() => BackupAsync(backup => backup.RunAsync(["backup", "create"], _ => { }, TestContext.Current.CancellationToken)));

        Assert.Contains("cannot create resource", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_takes_a_backup_first_and_goes_no_further_without_it()
    {
        cluster.Log = """
            cut of all stores: commits waited 3 ms at most
            {"id":"20260131T080000Z-abcdef","bytes":1}
            """;
        Assert.Contains((await DeployAsync("1.0.0")).Steps, step => step.Name != "backup");

        var outcome = await DeployAsync("1.1.0");

        Assert.Contains(outcome.Notes, note => note.Contains("20260131T080000Z-abcdef", StringComparison.Ordinal));
        Assert.Equal("backup", outcome.Steps[0].Name);
        cluster.JobsEndWith = 1;
        var error = await Assert.ThrowsAsync<OperationError>(() => DeployAsync("1.2.0"));
        Assert.Contains("--no-backup", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Objects.Values, o => (string?)o["kind"] == "Deployment" && o.ToJsonString().Contains(":1.2.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claims_outlive_the_release_that_has_them_no_longer()
    {
        await DeployAsync("1.0.0", backup: false);
        var without = TestRelease.Manifests("1.1.0").Where(m => m.Kind != "PersistentVolumeClaim").ToList();

        var outcome = await cluster.DeployAsync(new ClusterRequest("1.1.0", without));

        Assert.DoesNotContain(outcome.Removed, name => name.StartsWith("PersistentVolumeClaim", StringComparison.Ordinal));
        Assert.NotNull(cluster.Find("/api/v1/namespaces/provost/persistentvolumeclaims/backup"));
    }

    [Fact]
    public async Task The_health_of_backups_is_read_from_the_jobs_that_made_and_verified_them()
    {
        await InstallAsync();
        Ran("backup-1", "2026-01-30T02:30:00Z", "2026-01-30T02:31:00Z");
        Ran("verify-1", "2026-01-30T03:30:00Z", "2026-01-30T03:35:00Z");
        Ran("backup-2", "2026-01-31T02:30:00Z", null);
        using var api = cluster.Connect();

        var health = await ClusterBackupHealth.ReadAsync(
            api, "provost", new Backup(), new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 2, 30, 0, TimeSpan.Zero)), TestContext.Current.CancellationToken);

        Assert.Equal((new DateTimeOffset(2026, 1, 30, 2, 30, 0, TimeSpan.Zero), 86400.0), (health!.VerifiedAt, health.VerifiedAgeSeconds));
        Assert.Contains("backup-2", health.Problem, StringComparison.Ordinal);
    }

    private void Ran(string name, string start, string? done) => cluster.Put(Jobs + name, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "backup" } },
        ["status"] = done is null
            ? new JsonObject { ["startTime"] = start, ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Failed", ["status"] = "True", ["reason"] = "BackoffLimitExceeded" }) }
            : new JsonObject { ["startTime"] = start, ["completionTime"] = done, ["succeeded"] = 1 },
    });

    private Task<ClusterOutcome> InstallAsync() => DeployAsync("1.0.0", backup: false);

    private Task<ClusterOutcome> DeployAsync(string version, bool backup = true) => cluster.DeployAsync(new ClusterRequest(version, TestRelease.Manifests(version))
    {
        Backup = backup ? cancellation => BackupAsync(one => one.CreateAsync(cancellation)) : null,
    });

    private async Task<T> BackupAsync<T>(Func<ClusterBackup, Task<T>> work)
    {
        using var api = cluster.Connect();
        return await work(new ClusterBackup(api, "provost", new HurriedTime()));
    }
}
