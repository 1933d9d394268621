using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>
/// Pods of a StatefulSet that are neither ready nor of its present template. A controller that makes pods in order waits for them for
/// ever, even when the template has long been put right (kubernetes/kubernetes#67250): they are deleted, and come as the template says.
/// </summary>
internal sealed class StuckPods(ApiConnection api, string space, TimeProvider time, Action<string> say)
{
    private const string Revision = "controller-revision-hash";

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public async Task ReplaceAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        foreach (var set in manifests.Where(m => m.Kind is "StatefulSet"))
        {
            if (await RevisionAsync(set, cancellation) is not { } present)
            {
                continue;
            }
            foreach (var pod in await new PodTrouble(api, space).PodsAsync(set.Name, cancellation))
            {
                var name = (string)pod["metadata"]!["name"]!;
                if (!PodTrouble.IsReady(pod) && pod["metadata"]!["deletionTimestamp"] is null && (string?)pod["metadata"]!["labels"]?[Revision] is { } revision && revision != present)
                {
                    say($"{name} never got ready and is not of the present template: it is made anew");
                    await DeleteAsync(name, pod, cancellation);
                }
            }
        }
    }

    // This pod and no other one: its controller may have replaced it by now, under the same name.
    private async Task DeleteAsync(string name, JsonNode pod, CancellationToken cancellation)
    {
        try
        {
            await api.DeleteAsync($"{ApiPath.Collection("v1", "Pod", space)}/{name}", cancellation, new JsonObject { ["uid"] = pod["metadata"]!["uid"]?.DeepClone() });
        }
        catch (ApiRefusal refusal) when (refusal.IsConflict)
        {
            // It has been replaced.
        }
    }

    // The revision of the template, once the controller has seen it.
    private async Task<string?> RevisionAsync(Manifest set, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (await api.FindAsync(ApiPath.Of(set), cancellation) is { } live)
        {
            if (((long?)live["status"]?["observedGeneration"] ?? -1) >= ((long?)live["metadata"]?["generation"] ?? 0))
            {
                return (string?)live["status"]?["updateRevision"];
            }
            if (time.GetElapsedTime(start) > SeenWithin)
            {
                return null;
            }
            await Task.Delay(Look, time, cancellation);
        }
        return null;
    }
}
