using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>What the lock of a site in a cluster says: who holds it, what for, until when.</summary>
public sealed record LeaseNote(string Owner, string Purpose, DateTimeOffset Taken, DateTimeOffset Renewed, TimeSpan Life)
{
    internal const string Name = "provost-operation";
    internal const string PurposeKey = "provost.dev/purpose";

    /// <summary>Null when nobody has the lock.</summary>
    public static async Task<LeaseNote?> LookAsync(ApiConnection api, string space, CancellationToken cancellation) =>
        await api.FindAsync(PathOf(space), cancellation) is { } lease ? Of(lease) : null;

    /// <summary>Removes a lock that an operation left behind.</summary>
    /// <param name="force">Also one whose owner may live.</param>
    /// <returns>What it said; null when nobody had it.</returns>
    public static async Task<LeaseNote?> ReleaseAsync(ApiConnection api, string space, bool force, TimeProvider time, CancellationToken cancellation)
    {
        if (await api.FindAsync(PathOf(space), cancellation) is not { } lease)
        {
            return null;
        }
        var note = Of(lease);
        if (!force && note.Left(time.GetUtcNow()) is var left && left > TimeSpan.Zero)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the lock is held: {note.Purpose}, by {note.Owner}",
                string.Create(CultureInfo.InvariantCulture, $"wait until it is done; if it died, its lock ends in {left.TotalSeconds:0} s; --force releases it now"));
        }
        await RemoveAsync(api, space, lease, cancellation);
        return note;
    }

    /// <summary>Why it holds nobody up any more; null while its owner lives.</summary>
    public string? Abandoned(DateTimeOffset now) => Left(now) > TimeSpan.Zero ? null : "its owner has not been heard of since";

    internal static string PathOf(string space) => $"{ApiPath.Collection("coordination.k8s.io/v1", "Lease", space)}/{Name}";

    internal static LeaseNote Of(JsonObject lease)
    {
        var spec = lease["spec"];
        return new LeaseNote(
            (string?)spec?["holderIdentity"] ?? "?", (string?)lease["metadata"]?["annotations"]?[PurposeKey] ?? "?",
            At(spec?["acquireTime"]), At(spec?["renewTime"]), TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0));
    }

    /// <summary>This lease and no other one: who took it meanwhile keeps it.</summary>
    internal static Task RemoveAsync(ApiConnection api, string space, JsonObject lease, CancellationToken cancellation) => api.DeleteAsync(PathOf(space), cancellation, new JsonObject
    {
        ["uid"] = lease["metadata"]?["uid"]?.DeepClone(),
        ["resourceVersion"] = lease["metadata"]?["resourceVersion"]?.DeepClone(),
    });

    internal void RequireExpired(DateTimeOffset now)
    {
        if (Left(now) is var left && left > TimeSpan.Zero)
        {
            throw new OperationError(
                ErrorKind.Refused, $"{Owner} works on this site: {Purpose}", string.Create(CultureInfo.InvariantCulture, $"wait until it is done; if it died, its lock ends in {left.TotalSeconds:0} s"));
        }
    }

    private TimeSpan Left(DateTimeOffset now) => Renewed + Life - now;

    private static DateTimeOffset At(JsonNode? text) => DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;
}
