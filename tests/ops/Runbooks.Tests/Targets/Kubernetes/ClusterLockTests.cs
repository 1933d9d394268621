using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Targets.Kubernetes;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class ClusterLockTests : IDisposable
{
    private const string Path = "/apis/coordination.k8s.io/v1/namespaces/provost/leases/provost-operation";
    private readonly StandInCluster cluster = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task Who_comes_second_learns_who_is_first_and_what_for()
    {
        using var api = cluster.Connect();
        await using var first = await ClusterLock.TakeAsync(api, "provost", "deploy 1.2.3", time, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<OperationError>(() => ClusterLock.TakeAsync(api, "provost", "rollback", time, TestContext.Current.CancellationToken));

        Assert.Contains(Environment.MachineName, error.Message, StringComparison.Ordinal);
        Assert.Contains("deploy 1.2.3", error.Message, StringComparison.Ordinal);
        Assert.Contains("60 s", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_is_free_again_when_it_is_given_back()
    {
        using var api = cluster.Connect();
        await (await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken)).DisposeAsync();

        await using var next = await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken);

        Assert.NotNull(cluster.Find(Path));
    }

    [Fact]
    public async Task An_owner_that_died_is_succeeded_when_its_time_is_over()
    {
        cluster.Put(Path, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "provost-operation" },
            ["spec"] = new JsonObject { ["holderIdentity"] = "somebody", ["leaseDurationSeconds"] = 60, ["renewTime"] = "2026-01-31T07:58:00.000000Z" },
        });
        using var api = cluster.Connect();

        await using var taken = await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken);

        Assert.Contains(Environment.UserName, (string?)cluster.Find(Path)!["spec"]!["holderIdentity"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_successors_one_is_refused()
    {
        cluster.Refuse = (method, path) => method == "POST" && path.EndsWith("/leases", StringComparison.Ordinal) ? (409, "AlreadyExists", "leases already exists") : null;
        using var api = cluster.Connect();

        var error = await Assert.ThrowsAsync<OperationError>(() => ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken));

        Assert.Contains("at the same moment", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heartbeat_moves_the_expiry_on()
    {
        using var api = cluster.Connect();
        await using var held = await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken);
        var before = (string?)cluster.Find(Path)!["spec"]!["renewTime"];

        while ((string?)cluster.Find(Path)!["spec"]!["renewTime"] == before)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Assert.ThrowsAsync<OperationError>(() => ClusterLock.TakeAsync(api, "provost", "rollback", time, TestContext.Current.CancellationToken));
    }
}
