using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Volumes;

/// <summary>A StatefulSet that is made anew around its pods, which go on: the way to change what the server does not let change.</summary>
internal sealed class RemadeSet(ApiConnection api, TimeProvider time)
{
    public const string Policy = "podManagementPolicy";

    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>How its pods are made; the server's default when nothing is said.</summary>
    public static string PolicyOf(JsonObject set) => (string?)set["spec"]?[Policy] ?? "OrderedReady";

    /// <summary>Removes it alone: its pods stay, and the one that comes with the same name takes them over.</summary>
    public async Task RemoveAsync(Manifest manifest, CancellationToken cancellation)
    {
        await api.SendAsync(
            HttpMethod.Delete, ApiPath.Of(manifest), new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Orphan" }, cancellation);
        var start = time.GetTimestamp();
        while (await api.FindAsync(ApiPath.Of(manifest), cancellation) is not null)
        {
            if (time.GetElapsedTime(start) > GoneWithin)
            {
                throw new OperationError(ErrorKind.NotReady, $"StatefulSet {manifest.Name} does not go away to be made anew", "look at its finalizers, then run this again: its pods and volumes are as they were");
            }
            await Task.Delay(Look, time, cancellation);
        }
    }
}
