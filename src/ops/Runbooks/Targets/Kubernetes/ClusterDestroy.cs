using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>Removes a site with its data: its namespace, when it is this installation's own, and what it has in the cluster as a whole.</summary>
public sealed class ClusterDestroy(ApiConnection api, string installation, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task DestroyAsync(string space, IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var path = $"{ApiPath.Collection("v1", "Namespace", null)}/{space}";
        var found = await api.FindAsync(path, cancellation)
            ?? throw new OperationError(ErrorKind.NotRunning, $"there is no namespace {space} in {api.ClusterName}", "check --context and kubernetes.namespace");
        if ((string?)found["metadata"]?["labels"]?["app.kubernetes.io/instance"] != installation)
        {
            throw new OperationError(ErrorKind.Refused, $"the namespace {space} does not belong to {installation}", "nothing was removed; check kubernetes.namespace");
        }
        say($"removing namespace {space} with everything in it, backups on its volume too");
        await api.DeleteAsync(path, cancellation);
        foreach (var manifest in manifests.Where(m => m.Namespace is null && m.Kind is not "Namespace"))
        {
            say($"removing {manifest}");
            await RemoveOursAsync(manifest, cancellation);
        }
        await UntilGoneAsync(path, space, cancellation);
    }

    private async Task RemoveOursAsync(Manifest manifest, CancellationToken cancellation)
    {
        var found = await api.FindAsync(ApiPath.Of(manifest), cancellation);
        if ((string?)found?["metadata"]?["labels"]?["app.kubernetes.io/instance"] == installation)
        {
            await api.DeleteAsync(ApiPath.Of(manifest), cancellation);
        }
    }

    private async Task UntilGoneAsync(string path, string space, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (await api.FindAsync(path, cancellation) is { } left)
        {
            if (time.GetElapsedTime(start) > Limit)
            {
                var reasons = (left["status"]?["conditions"] as System.Text.Json.Nodes.JsonArray ?? []).Select(c => (string?)c?["message"] ?? "").ToList();
                throw new OperationError(ErrorKind.NotReady, $"the namespace {space} is still being removed", "something in it has a finalizer that nobody serves: the lines above name it", reasons);
            }
            await Task.Delay(Look, time, cancellation);
        }
    }
}
