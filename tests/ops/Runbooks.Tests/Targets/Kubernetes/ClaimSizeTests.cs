using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class ClaimSizeTests : IDisposable
{
    private const string Claims = "/api/v1/namespaces/provost/persistentvolumeclaims/";
    private const string Redis = "/apis/apps/v1/namespaces/provost/statefulsets/redis";
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task Volumes_grow_and_the_set_is_made_anew_around_its_pods()
    {
        await DeployAsync(1024);

        await DeployAsync(2048);

        Assert.Equal("2Gi", (string?)cluster.Find(Claims + "data-redis-0")!["spec"]!["resources"]!["requests"]!["storage"]);
        Assert.Equal("2Gi", SizeOfTemplate());
        Assert.Single(cluster.Requests, request => request == "DELETE " + Redis);
        // Claims of others of a similar name are left alone.
        Assert.Equal("1Gi", (string?)cluster.Find(Claims + "data-redis-old-0")!["spec"]!["resources"]!["requests"]!["storage"]);
    }

    [Fact]
    public async Task A_smaller_volume_is_refused_before_anything_is_applied()
    {
        await DeployAsync(2048);
        var applied = cluster.Requests.Count(r => r.StartsWith("PATCH", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<OperationError>(() => DeployAsync(1024));

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("2Gi and cannot become 1Gi", error.Message, StringComparison.Ordinal);
        // The namespace, which holds the lock, and nothing else.
        Assert.Equal(applied + 1, cluster.Requests.Count(r => r.StartsWith("PATCH", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rollback_keeps_volumes_that_have_grown()
    {
        await DeployAsync(1024);
        await DeployAsync(2048);

        using var api = cluster.Connect();
        await new ClusterDeploy(api, "provost", "provost", TimeProvider.System, _ => { }).RollbackAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal("2Gi", SizeOfTemplate());
    }

    [Fact]
    public async Task A_class_that_cannot_grow_its_volumes_is_named_as_the_reason()
    {
        await DeployAsync(1024);
        cluster.Refuse = (method, path) => method == "PATCH" && path.StartsWith(Claims + "data-", StringComparison.Ordinal)
            ? (403, "Forbidden", "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize") : null;

        var error = (await DeployAsync(2048)).Failure!;

        Assert.Contains(error.Details.Append(error.Remedy), line => line.Contains("allowVolumeExpansion", StringComparison.Ordinal));
        Assert.NotNull(cluster.Find(Redis));
    }

    [Fact]
    public async Task A_plan_shows_the_new_size_though_the_server_would_refuse_to_try_it()
    {
        await DeployAsync(1024);

        using var api = cluster.Connect();
        var changes = await new ClusterPlan(api, new ReleaseBook(api, "provost", "provost", TimeProvider.System)).ReadAsync(Manifests(2048), stores: false, TestContext.Current.CancellationToken);

        var field = changes.Single(c => c is { Kind: "StatefulSet", Name: "redis" }).Fields.Single();
        Assert.Equal(("1Gi", "2Gi"), (field.Before, field.After));
    }

    private string? SizeOfTemplate() => (string?)cluster.Find(Redis)!["spec"]!["volumeClaimTemplates"]![0]!["spec"]!["resources"]!["requests"]!["storage"];

    private async Task<ClusterOutcome> DeployAsync(long mebibytes)
    {
        foreach (var name in (string[])["data-redis-0", "data-redis-old-0"])
        {
            if (cluster.Find(Claims + name) is null)
            {
                cluster.Put(Claims + name, new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } } },
                });
            }
        }
        return await cluster.DeployAsync(new ClusterRequest("1.0.0", Manifests(mebibytes)));
    }

    private static IReadOnlyList<Manifest> Manifests(long mebibytes)
    {
        var site = new Site { Target = Target.Kubernetes, Kubernetes = new() { Redis = new() { Volume = ByteSize.Mebibytes(mebibytes) } } };
        return KubernetesRenderer.Manifests(new ClusterSite(new Installation { Sites = new Dictionary<string, Site> { ["campus"] = site } }, "campus", "1.0.0"));
    }
}
