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

        await TestRelease.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return (string?)cluster.Find(Path)!["spec"]!["renewTime"] != before;
            },
            "a heartbeat");

        await Assert.ThrowsAsync<OperationError>(() => ClusterLock.TakeAsync(api, "provost", "rollback", time, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_operation_whose_lock_was_taken_by_another_one_stops_and_leaves_that_lock_alone()
    {
        using var api = cluster.Connect();
        OperationError error;
        await using (var held = await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken))
        {
            var taken = cluster.Find(Path)!.DeepClone().AsObject();
            taken["spec"]!["holderIdentity"] = "somebody else";
            taken["metadata"]!.AsObject().Remove("resourceVersion");
            cluster.Put(Path, taken);

            var working = held.WhileHeldAsync(
                async cancellation =>
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                    return true;
                },
                TestContext.Current.CancellationToken);
            await TestRelease.UntilAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(15));
                    return working.IsCompleted;
                },
                "the end of the operation");
            error = await Assert.ThrowsAsync<OperationError>(() => working);
        }

        Assert.Contains("lost to somebody else", error.Message, StringComparison.Ordinal);
        Assert.Equal("somebody else", (string?)cluster.Find(Path)!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_lock_that_somebody_took_in_the_last_moment_is_not_removed_with_ones_own()
    {
        using var api = cluster.Connect();
        var held = await ClusterLock.TakeAsync(api, "provost", "deploy", time, TestContext.Current.CancellationToken);
        var taken = cluster.Find(Path)!.DeepClone().AsObject();
        taken["spec"]!["holderIdentity"] = "somebody else";
        cluster.Put(Path, taken);

        await held.DisposeAsync();

        Assert.Equal("somebody else", (string?)cluster.Find(Path)!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_lock_is_released_for_somebody_else_only_when_its_owner_is_gone_or_by_force()
    {
        using var api = cluster.Connect();
        await using var held = await ClusterLock.TakeAsync(api, "provost", "deploy 1.2.3", time, TestContext.Current.CancellationToken);

        Assert.Equal("deploy 1.2.3", (await LeaseNote.LookAsync(api, "provost", TestContext.Current.CancellationToken))!.Purpose);
        var error = await Assert.ThrowsAsync<OperationError>(() => LeaseNote.ReleaseAsync(api, "provost", force: false, time, TestContext.Current.CancellationToken));
        Assert.Contains("--force", error.Remedy, StringComparison.Ordinal);

        Assert.NotNull(await LeaseNote.ReleaseAsync(api, "provost", force: true, time, TestContext.Current.CancellationToken));
        Assert.Null(await LeaseNote.LookAsync(api, "provost", TestContext.Current.CancellationToken));
    }
}
