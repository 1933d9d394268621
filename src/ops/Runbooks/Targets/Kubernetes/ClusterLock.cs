using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>
/// One operation at a time on a site: a Lease in its namespace, with owner, purpose and an expiry that a heartbeat moves on.
/// An owner that died is succeeded when its time is over.
/// </summary>
public sealed class ClusterLock : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly ApiConnection api;
    private readonly string space;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource done = new();
    private readonly CancellationTokenSource lost = new();
    private JsonObject lease;
    private string? successor;
    private Task heartbeat = Task.CompletedTask;

    private ClusterLock(ApiConnection api, string space, TimeProvider time, JsonObject lease) => (this.api, this.space, this.time, this.lease) = (api, space, time, lease);

    public static async Task<ClusterLock> TakeAsync(ApiConnection api, string space, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.UserName}@{Environment.MachineName} ({Environment.ProcessId})");
        try
        {
            var found = await api.FindAsync(LeaseNote.PathOf(space), cancellation);
            if (found is not null)
            {
                LeaseNote.Of(found).RequireExpired(time.GetUtcNow());
            }
            var wanted = Body(space, owner, purpose, time.GetUtcNow());
            // The version makes it a comparison: of two successors one is refused.
            wanted["metadata"]!["resourceVersion"] = found?["metadata"]?["resourceVersion"]?.DeepClone();
            var taken = found is null
                ? await api.SendAsync(HttpMethod.Post, ApiPath.Collection("coordination.k8s.io/v1", "Lease", space), wanted, cancellation)
                : await api.SendAsync(HttpMethod.Put, LeaseNote.PathOf(space), wanted, cancellation);
            var held = new ClusterLock(api, space, time, taken);
            held.heartbeat = held.BeatAsync();
            return held;
        }
        catch (ApiRefusal refusal) when (refusal.IsConflict)
        {
            throw new OperationError(ErrorKind.Refused, "another operation on this site began at the same moment", "wait until it is done, then run this again", [refusal.Message]);
        }
    }

    /// <summary>Does something that nobody else may do meanwhile: it is stopped when the lock is lost.</summary>
    public async Task<T> WhileHeldAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lost.Token);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException e) when (lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new OperationError(
                ErrorKind.Refused, $"stopped in the middle: the lock of this site was lost to {successor}", "wait until they are done, look at provost status, then run this again", cause: e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await heartbeat;
        done.Dispose();
        lost.Dispose();
        if (successor is not null)
        {
            return;
        }
        try
        {
            await LeaseNote.RemoveAsync(api, space, lease, CancellationToken.None);
        }
        catch (Exception e) when (e is ApiRefusal or OperationError)
        {
            // It is somebody else's by now, or it ends by itself within a minute.
        }
    }

    private static JsonObject Body(string space, string owner, string purpose, DateTimeOffset now) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = LeaseNote.Name, ["namespace"] = space, ["annotations"] = new JsonObject { [LeaseNote.PurposeKey] = purpose } },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = owner,
            ["leaseDurationSeconds"] = (int)Life.TotalSeconds,
            ["acquireTime"] = Micro(now),
            ["renewTime"] = Micro(now),
        },
    };

    private async Task BeatAsync()
    {
        while (!done.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Life / 4, time, done.Token);
                var next = lease.DeepClone().AsObject();
                next["spec"]!["renewTime"] = Micro(time.GetUtcNow());
                lease = await api.SendAsync(HttpMethod.Put, LeaseNote.PathOf(space), next, done.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ApiRefusal refusal) when (refusal.IsConflict || refusal.IsNotFound)
            {
                if (await IsLostAsync())
                {
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (Exception e) when (e is ApiRefusal or OperationError)
            {
                // The next beat tries again, and there are three more before the lock ends.
            }
        }
    }

    // Somebody may have written into the lease without taking it.
    private async Task<bool> IsLostAsync()
    {
        try
        {
            var found = await api.FindAsync(LeaseNote.PathOf(space), done.Token);
            var isOurs = found is not null && JsonNode.DeepEquals(found["metadata"]?["uid"], lease["metadata"]?["uid"])
                && (string?)found["spec"]?["holderIdentity"] == (string?)lease["spec"]?["holderIdentity"] && (string?)found["spec"]?["acquireTime"] == (string?)lease["spec"]?["acquireTime"];
            if (isOurs)
            {
                lease = found!;
                return false;
            }
            successor = found is null ? "somebody who released it" : LeaseNote.Of(found).Owner;
            return true;
        }
        catch (Exception e) when (e is ApiRefusal or OperationError or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Micro(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
