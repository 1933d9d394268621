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
    private const string Name = "provost-operation";
    private const string Purpose = "provost.dev/purpose";
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly ApiConnection api;
    private readonly string space;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource done = new();
    private JsonObject lease;
    private Task heartbeat = Task.CompletedTask;

    private ClusterLock(ApiConnection api, string space, TimeProvider time, JsonObject lease) => (this.api, this.space, this.time, this.lease) = (api, space, time, lease);

    public static async Task<ClusterLock> TakeAsync(ApiConnection api, string space, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.UserName}@{Environment.MachineName} ({Environment.ProcessId})");
        try
        {
            var found = await api.FindAsync(PathOf(space), cancellation);
            if (found is not null)
            {
                RequireExpired(found, time.GetUtcNow());
            }
            var wanted = Body(space, owner, purpose, time.GetUtcNow());
            // The version makes it a comparison: of two successors one is refused.
            wanted["metadata"]!["resourceVersion"] = found?["metadata"]?["resourceVersion"]?.DeepClone();
            var taken = found is null
                ? await api.SendAsync(HttpMethod.Post, ApiPath.Collection("coordination.k8s.io/v1", "Lease", space), wanted, cancellation)
                : await api.SendAsync(HttpMethod.Put, PathOf(space), wanted, cancellation);
            var held = new ClusterLock(api, space, time, taken);
            held.heartbeat = held.BeatAsync();
            return held;
        }
        catch (ApiRefusal refusal) when (refusal.IsConflict)
        {
            throw new OperationError(ErrorKind.Refused, "another operation on this site began at the same moment", "wait until it is done, then run this again", [refusal.Message]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await heartbeat;
        done.Dispose();
        try
        {
            await api.DeleteAsync(PathOf(space), CancellationToken.None);
        }
        catch (Exception e) when (e is ApiRefusal or OperationError)
        {
            // It ends by itself within a minute.
        }
    }

    private static string PathOf(string space) => $"{ApiPath.Collection("coordination.k8s.io/v1", "Lease", space)}/{Name}";

    private static void RequireExpired(JsonObject lease, DateTimeOffset now)
    {
        var spec = lease["spec"];
        var renewed = DateTimeOffset.TryParse((string?)spec?["renewTime"], CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;
        var left = renewed + TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0) - now;
        if (left > TimeSpan.Zero)
        {
            throw new OperationError(
                ErrorKind.Refused,
                string.Create(CultureInfo.InvariantCulture, $"{(string?)spec?["holderIdentity"]} works on this site: {(string?)lease["metadata"]?["annotations"]?[Purpose] ?? "?"}"),
                string.Create(CultureInfo.InvariantCulture, $"wait until it is done; if it died, its lock ends in {left.TotalSeconds:0} s"));
        }
    }

    private static JsonObject Body(string space, string owner, string purpose, DateTimeOffset now) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = space, ["annotations"] = new JsonObject { [Purpose] = purpose } },
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
                lease["spec"]!["renewTime"] = Micro(time.GetUtcNow());
                lease = await api.SendAsync(HttpMethod.Put, PathOf(space), lease, done.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is ApiRefusal or OperationError)
            {
                // The next beat tries again; a lock that was lost is not needed to finish what was begun.
            }
        }
    }

    private static string Micro(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
