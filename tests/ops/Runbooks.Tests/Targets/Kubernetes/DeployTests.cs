using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class DeployTests : IDisposable
{
    private const string Space = "/namespaces/provost";
    private readonly StandInCluster cluster = new();
    private readonly List<string> said = [];

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_deployment_applies_everything_watches_it_and_keeps_a_record()
    {
        var outcome = await DeployAsync("1.0.0");

        Assert.Equal(1, outcome.Number);
        Assert.All(Manifests("1.0.0"), manifest => Assert.NotNull(cluster.Find(Runbooks.Targets.Kubernetes.Api.ApiPath.Of(manifest))));
        Assert.Equal(ReleaseState.Deployed, Assert.Single(await ReleasesAsync()).State);
        Assert.Contains(said, line => line.StartsWith("api: ", StringComparison.Ordinal));
        Assert.Null(cluster.Find($"/apis/coordination.k8s.io/v1{Space}/leases/provost-operation"));
    }

    [Fact]
    public async Task A_release_with_a_bad_image_is_undone_and_the_reason_is_told()
    {
        await DeployAsync("1.0.0");

        var outcome = await DeployAsync("2.0.0-broken");

        var error = outcome.Failure!;
        Assert.Equal("1.0.0", outcome.From);
        Assert.Contains("does not get ready", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Details, line => line.Contains("ImagePullBackOff", StringComparison.Ordinal));
        Assert.Contains(error.Details, line => line.Contains("Failed to pull image", StringComparison.Ordinal));
        Assert.Contains(error.Details, line => line.Contains("the last words of the container", StringComparison.Ordinal));
        Assert.EndsWith(":1.0.0", ImageOf("api"), StringComparison.Ordinal);
        Assert.Equal([ReleaseState.Failed, ReleaseState.Deployed], (await ReleasesAsync()).Select(r => r.State));
        Assert.DoesNotContain(cluster.Objects.Values, o => (string?)o["kind"] == "ConfigMap" && o.ToJsonString().Contains("\"2.0.0-broken\"", StringComparison.Ordinal) && o["binaryData"] is null);
    }

    [Fact]
    public async Task The_first_release_that_stalls_has_nothing_to_go_back_to_and_says_so()
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => DeployAsync("1.0.0-broken"));

        Assert.Contains("There is no release to go back to", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Details);
    }

    [Fact]
    public async Task What_a_release_has_no_longer_is_removed_and_nothing_else()
    {
        await DeployAsync("1.0.0", autoscaling: true);
        cluster.Put($"/api/v1{Space}/configmaps/somebody-elses", new JsonObject { ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = "somebody-elses" } });

        var outcome = await DeployAsync("1.0.1");

        Assert.Contains("HorizontalPodAutoscaler api", outcome.Removed);
        Assert.Null(cluster.Find($"/apis/autoscaling/v2{Space}/horizontalpodautoscalers/api"));
        Assert.NotNull(cluster.Find($"/api/v1{Space}/configmaps/somebody-elses"));
        Assert.DoesNotContain(outcome.Removed, name => name.StartsWith("Namespace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rollback_brings_the_release_before_the_present_one_back()
    {
        await DeployAsync("1.0.0");
        await DeployAsync("1.1.0");

        using var api = cluster.Connect();
        var outcome = await Deploying(api).RollbackAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal("1.0.0", outcome.Release);
        Assert.EndsWith(":1.0.0", ImageOf("api"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<OperationError>(() => Deploying(api).RollbackAsync("77", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(403, "Forbidden", "deployments.apps \"api\" is forbidden: User \"jane\" cannot patch resource \"deployments\"", "the cluster does not allow it")]
    [InlineData(403, "Forbidden", "exceeded quota: site, requested: limits.cpu=2", "a quota of the namespace")]
    [InlineData(409, "Conflict", "conflict with \"helm\" using apps/v1: .spec.replicas", "somebody else manages a field")]
    [InlineData(422, "Invalid", "spec.selector: Invalid value: field is immutable", "finds an object wrong")]
    public async Task A_refusal_is_named_precisely_and_undone(int status, string reason, string message, string what)
    {
        await DeployAsync("1.0.0");
        var refused = 0;
        cluster.Refuse = (method, path) => method == "PATCH" && path.EndsWith("/deployments/gateway", StringComparison.Ordinal) && refused++ == 0 ? (status, reason, message) : null;

        var error = (await DeployAsync("1.1.0")).Failure!;

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("Deployment gateway", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Details, line => line.Contains(message, StringComparison.Ordinal));
        Assert.EndsWith(":1.0.0", ImageOf("api"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_overloaded_for_a_moment_is_asked_again_and_nothing_is_undone()
    {
        await DeployAsync("1.0.0");
        var refused = 0;
        cluster.Refuse = (method, path) => (method == "PATCH" && path.EndsWith("/deployments/gateway", StringComparison.Ordinal) && refused++ < 2) ? (429, "TooManyRequests", "try again")
            : method == "GET" && path.EndsWith("/pods", StringComparison.Ordinal) && refused++ < 5 ? (500, "InternalError", "etcdserver: leader changed") : null;

        var outcome = await cluster.DeployAsync(new ClusterRequest("1.1.0", Manifests("1.1.0")));

        Assert.Null(outcome.Failure);
        Assert.EndsWith(":1.1.0", ImageOf("gateway"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_of_before_says_nothing_about_the_release_that_comes()
    {
        await DeployAsync("1.0.0");
        var web = cluster.Find($"/apis/apps/v1{Space}/deployments/web")!;
        var old = new JsonObject { ["type"] = "Progressing", ["status"] = "False", ["reason"] = "ProgressDeadlineExceeded", ["message"] = "of last week", ["lastUpdateTime"] = "2026-01-31T08:00:00Z" };
        web["status"]!["conditions"] = new JsonArray(old.DeepClone());

        var read = JsonNode.Parse(web.ToJsonString())!.AsObject();

        Assert.NotNull(Runbooks.Targets.Kubernetes.Rollouts.WorkloadState.Of("Deployment", read).Problem);
        var before = Runbooks.Targets.Kubernetes.Rollouts.WorkloadState.Conditions(read).ToHashSet();

        Assert.Null(Runbooks.Targets.Kubernetes.Rollouts.WorkloadState.Of("Deployment", read, before).Problem);
        Assert.Null((await DeployAsync("1.0.0")).Failure);
    }

    [Fact]
    public async Task Watches_that_break_off_are_begun_again()
    {
        cluster.WatchEvents = 1;
        cluster.Rolls = false;
        var deploying = DeployAsync("1.0.0");
        await TestRelease.UntilAsync(() => cluster.Watches >= 6, "watches that were begun again");
        cluster.Rolls = true;
        foreach (var (path, body) in cluster.Objects.Where(p => (string?)p.Value["kind"] is "Deployment" or "StatefulSet").ToList())
        {
            var nudged = body.DeepClone().AsObject();
            nudged["spec"]!["nudged"] = true;
            cluster.Put(path, nudged);
        }

        Assert.Equal(1, (await deploying).Number);
    }

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        cluster.Delay = TimeSpan.FromMilliseconds(30);

        Assert.Equal(1, (await DeployAsync("1.0.0")).Number);
    }

    [Fact]
    public async Task A_namespace_of_somebody_elses_is_left_alone()
    {
        cluster.Put("/api/v1/namespaces/provost", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "provost" } });

        var error = await Assert.ThrowsAsync<OperationError>(() => DeployAsync("1.0.0"));

        Assert.Contains("belongs to somebody else", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_is_empty_after_a_deployment_and_names_each_field_before_one()
    {
        using var api = cluster.Connect();
        Assert.All(await PlanAsync(api, Manifests("1.0.0")), change => Assert.Equal("create", change.Action));
        await DeployAsync("1.0.0", autoscaling: true);

        Assert.Empty(await PlanAsync(api, Manifests("1.0.0", autoscaling: true)));
        var changes = await PlanAsync(api, Manifests("1.1.0"));

        var image = Assert.Single(changes, c => c is { Kind: "Deployment", Name: "web" }).Fields.Single(f => f.Path.EndsWith(".image", StringComparison.Ordinal));
        Assert.EndsWith(":1.0.0", image.Before, StringComparison.Ordinal);
        Assert.EndsWith(":1.1.0", image.After, StringComparison.Ordinal);
        Assert.Contains(changes, c => c is { Action: "remove", Kind: "HorizontalPodAutoscaler" });
        Assert.EndsWith(":1.0.0", ImageOf("web"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_masks_secrets()
    {
        JsonObject Secret(string value) => new() { ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "s" }, ["data"] = new JsonObject { ["password"] = value } };

        var change = Assert.Single(ObjectDifference.Between(Secret("b2xk"), Secret("bmV3")));

        Assert.Equal(("data.password", "(masked)", "(masked)"), (change.Path, change.Before, change.After));
    }

    [Fact]
    public async Task Destroy_removes_the_namespace_of_the_installation_and_no_other()
    {
        await DeployAsync("1.0.0");
        using var api = cluster.Connect();
        await Assert.ThrowsAsync<OperationError>(() => new ClusterDestroy(api, "another", TimeProvider.System, said.Add).DestroyAsync("provost", [], TestContext.Current.CancellationToken));
        Assert.NotNull(cluster.Find("/api/v1/namespaces/provost"));

        await new ClusterDestroy(api, "provost", TimeProvider.System, said.Add).DestroyAsync("provost", Manifests("1.0.0"), TestContext.Current.CancellationToken);

        Assert.Empty(cluster.Objects);
    }

    private static IReadOnlyList<Manifest> Manifests(string version, bool autoscaling = false)
    {
        var site = new Site { Target = Target.Kubernetes, Kubernetes = new Cluster { Autoscaling = new Autoscaling { Enabled = autoscaling } } };
        return KubernetesRenderer.Manifests(new ClusterSite(new Installation { Sites = new Dictionary<string, Site> { ["campus"] = site } }, "campus", version));
    }

    private async Task<ClusterOutcome> DeployAsync(string version, bool autoscaling = false)
    {
        using var api = cluster.Connect();
        return await Deploying(api).DeployAsync(new ClusterRequest(version, Manifests(version, autoscaling)), TestContext.Current.CancellationToken);
    }

    private ClusterDeploy Deploying(Runbooks.Targets.Kubernetes.Api.ApiConnection api) => new(api, "provost", "provost", TimeProvider.System, line =>
    {
        lock (said)
        {
            said.Add(line);
        }
    });

    private static Task<IReadOnlyList<ObjectChange>> PlanAsync(Runbooks.Targets.Kubernetes.Api.ApiConnection api, IReadOnlyList<Manifest> manifests) =>
        new ClusterPlan(api, new ReleaseBook(api, "provost", "provost", TimeProvider.System)).ReadAsync(manifests, stores: false, TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<ClusterRelease>> ReleasesAsync()
    {
        using var api = cluster.Connect();
        return await new ReleaseBook(api, "provost", "provost", TimeProvider.System).ReadAsync(TestContext.Current.CancellationToken);
    }

    private string ImageOf(string deployment) =>
        (string)cluster.Find($"/apis/apps/v1{Space}/deployments/{deployment}")!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
}
