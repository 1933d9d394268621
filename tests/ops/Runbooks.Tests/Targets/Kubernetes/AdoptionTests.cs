using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Installed by `kubectl apply -k`, deployed by the tool.</summary>
public sealed class AdoptionTests : IDisposable
{
    private const string Api = "/apis/apps/v1/namespaces/provost/deployments/api";
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_site_of_kubectl_is_deployed_and_what_it_has_no_longer_is_removed()
    {
        var old = Manifests("1.0.0");
        Kubectl(old);

        await DeployAsync("1.1.0");

        Assert.Equal([("1.1.0", ReleaseState.Deployed), ("1.0.0", ReleaseState.Deployed)], (await ReleasesAsync()).Select(r => (r.Version, r.State)));
        var job = old.Single(m => m.Kind == "Job");
        Assert.Null(cluster.Find(ApiPath.Of(job)));
    }

    [Fact]
    public async Task A_bad_image_after_kubectl_is_undone_to_what_kubectl_applied()
    {
        Kubectl(Manifests("1.0.0"));

        var outcome = await DeployAsync("2.0.0-broken");

        Assert.Equal("1.0.0", outcome.From);
        Assert.NotNull(outcome.Failure);
        Assert.EndsWith(":1.0.0", (string?)cluster.Find(Api)!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_somebody_changed_by_hand_stays_a_conflict()
    {
        Kubectl(Manifests("1.0.0"));
        cluster.Managers[Api] = "kubectl-edit";

        var error = await Assert.ThrowsAsync<OperationError>(() => DeployAsync("1.1.0"));

        Assert.Contains(error.Details.Append(error.Message), line => line.Contains("somebody else manages a field", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Objects_of_another_installation_are_not_taken_over()
    {
        Kubectl(Manifests("1.0.0"));
        foreach (var body in cluster.Objects.Values.Where(o => (string?)o["kind"] != "Namespace"))
        {
            body["metadata"]!["labels"]!["app.kubernetes.io/instance"] = "other";
        }

        await DeployAsync("1.1.0");

        Assert.Equal("1.1.0", Assert.Single(await ReleasesAsync()).Version);
    }

    [Fact]
    public async Task What_kubectl_holds_becomes_the_tools_own()
    {
        Kubectl(Manifests("1.0.0"));
        cluster.Find(Api)!["metadata"]!["managedFields"] = JsonNode.Parse(
            """
            [
              { "manager": "kubectl-client-side-apply", "operation": "Update", "fieldsV1": { "f:spec": { "f:replicas": {}, "f:template": { "f:spec": { "f:hostAliases": {} } } } } },
              { "manager": "kube-controller-manager", "operation": "Update", "subresource": "status", "fieldsV1": { "f:status": {} } }
            ]
            """);

        var owners = FieldOwners.TakenOver(cluster.Find(Api)!)!;

        Assert.Equal([("provost", "Apply"), ("kube-controller-manager", "Update")], owners.Select(o => ((string)o!["manager"]!, (string)o["operation"]!)));
        Assert.NotNull(owners[0]!["fieldsV1"]!["f:spec"]!["f:template"]!["f:spec"]!["f:hostAliases"]);
        await DeployAsync("1.1.0");
        Assert.DoesNotContain(cluster.Find(Api)!["metadata"]!["managedFields"]!.AsArray(), o => (string?)o!["manager"] == "kubectl-client-side-apply");
    }

    // As kubectl does it on the client's side: its name on every field, and what it applied in an annotation.
    private void Kubectl(IReadOnlyList<Manifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            var applied = manifest.Body.DeepClone().AsObject();
            applied["metadata"]!["annotations"] = new JsonObject();
            var live = manifest.Body.DeepClone().AsObject();
            live["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = applied.ToJsonString() };
            cluster.Put(ApiPath.Of(manifest), live);
            cluster.Managers[ApiPath.Of(manifest)] = "kubectl-client-side-apply";
        }
    }

    private async Task<IReadOnlyList<ClusterRelease>> ReleasesAsync()
    {
        using var api = cluster.Connect();
        return await new ReleaseBook(api, "provost", "provost", TimeProvider.System).ReadAsync(TestContext.Current.CancellationToken);
    }

    private Task<ClusterOutcome> DeployAsync(string version) => cluster.DeployAsync(new ClusterRequest(version, Manifests(version)));

    private static IReadOnlyList<Manifest> Manifests(string version) => KubernetesRenderer.Manifests(new ClusterSite(
        new Installation { Sites = new Dictionary<string, Site> { ["campus"] = new() { Target = Target.Kubernetes } } }, "campus", version));
}
