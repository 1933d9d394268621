using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>Jobs of a release that have not ended well: what others wait for.</summary>
internal sealed class JobTrouble(ApiConnection api, PodTrouble pods)
{
    public async Task<IReadOnlyList<string>> ExplainAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        List<string> lines = [];
        foreach (var manifest in manifests.Where(m => m.Kind is "Job"))
        {
            if (await api.FindAsync(ApiPath.Of(manifest), cancellation) is not { } job || (int?)job["status"]?["succeeded"] > 0)
            {
                continue;
            }
            lines.Add($"job {manifest.Name}: {StateOf(job)}");
            foreach (var pod in await pods.SelectAsync($"job-name={manifest.Name}", cancellation))
            {
                lines.AddRange(await pods.DescribeAsync(pod, cancellation));
            }
        }
        return lines;
    }

    private static string StateOf(JsonObject job) =>
        (job["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(c => (string?)c?["type"] == "Failed" && (string?)c["status"] == "True") is { } failed
            ? $"failed: {(string?)failed["reason"]} {(string?)failed["message"]}".TrimEnd() : "has not ended yet";
}
