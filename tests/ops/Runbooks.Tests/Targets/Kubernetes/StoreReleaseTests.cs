using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Plans;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Stores go on while releases come and go; when they are renewed and it goes wrong, they come back.</summary>
public sealed class StoreReleaseTests : IDisposable
{
    private const string Redis = "/apis/apps/v1/namespaces/provost/statefulsets/redis";
    private const string RedisPod = "/api/v1/namespaces/provost/pods/redis-0";
    private static readonly Cluster BadStores = new() { Images = new() { Stores = "9.9.9-broken" } };
    private readonly StandInCluster cluster = new();
    private readonly List<string> said = [];

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_release_leaves_the_stores_running_and_says_so()
    {
        await DeployAsync("1.0.0");
        var pod = cluster.Find(RedisPod)!.ToJsonString();

        var outcome = await DeployAsync("1.1.0");

        Assert.EndsWith(":1.0.0", StoreImage(), StringComparison.Ordinal);
        Assert.Equal(pod, cluster.Find(RedisPod)!.ToJsonString());
        Assert.Contains(outcome.Notes, note => note.Contains("redis, clickhouse", StringComparison.Ordinal) && note.Contains("--stores", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_of_a_release_shows_the_stores_only_when_they_would_be_renewed()
    {
        await DeployAsync("1.0.0");
        await DeployAsync("1.1.0");
        using var api = cluster.Connect();
        var plan = new ClusterPlan(api, new ReleaseBook(api, "provost", "provost", TimeProvider.System));

        Assert.Empty(await plan.ReadAsync(TestRelease.Manifests("1.1.0"), stores: false, TestContext.Current.CancellationToken));
        var changes = await plan.ReadAsync(TestRelease.Manifests("1.1.0"), stores: true, TestContext.Current.CancellationToken);

        Assert.Equal(["clickhouse", "redis"], changes.Where(c => c.Kind == "StatefulSet").Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_stores_they_come_after_the_services()
    {
        await DeployAsync("1.0.0");

        var outcome = await DeployAsync("1.1.0", stores: true);

        Assert.EndsWith(":1.1.0", StoreImage(), StringComparison.Ordinal);
        Assert.Equal(["services", "stores"], outcome.Steps.Select(s => s.Name));
        var order = cluster.Requests.Where(r => r.StartsWith("PATCH", StringComparison.Ordinal)).ToList();
        Assert.True(order.LastIndexOf($"PATCH {Redis}") > order.LastIndexOf("PATCH /apis/apps/v1/namespaces/provost/deployments/gateway"), "the stores were applied before the services were ready");
    }

    [Fact]
    public async Task Services_that_do_not_get_ready_are_undone_before_a_store_is_touched()
    {
        await DeployAsync("1.0.0");
        var pod = cluster.Find(RedisPod)!.ToJsonString();

        var outcome = await DeployAsync("2.0.0-broken", stores: true);

        Assert.NotNull(outcome.Failure);
        Assert.Equal(pod, cluster.Find(RedisPod)!.ToJsonString());
    }

    [Theory]
    [InlineData("Parallel")]
    [InlineData("OrderedReady")]
    public async Task A_store_with_a_bad_image_is_brought_back_even_where_pods_come_in_order(string policy)
    {
        ClusterRequest Release(string version, Cluster settings)
        {
            var request = new ClusterRequest(version, TestRelease.Manifests(version, settings)) { Stores = true };
            foreach (var set in request.Manifests.Where(m => m.Kind == "StatefulSet"))
            {
                set.Body["spec"]!["podManagementPolicy"] = policy;
            }
            return request;
        }

        await cluster.DeployAsync(Release("1.0.0", new Cluster()));

        var outcome = await cluster.DeployAsync(Release("1.1.0", BadStores), Say);

        Assert.Equal("1.0.0", outcome.From);
        Assert.Contains("ImagePullBackOff", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.EndsWith(":1.0.0", StoreImage(), StringComparison.Ordinal);
        Assert.Equal("Running", (string?)cluster.Find(RedisPod)!["status"]!["phase"]);
        Assert.Equal(policy, (string?)cluster.Find(Redis)!["spec"]!["podManagementPolicy"]);
        Assert.Equal(policy == "OrderedReady", said.Any(line => line.StartsWith("redis-0 never got ready", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_that_waits_for_a_template_of_before_is_made_anew_by_the_next_deployment()
    {
        // Installed by hand with a bad image, in order; then put right.
        var bad = TestRelease.Manifests("1.0.0", BadStores);
        foreach (var manifest in bad)
        {
            var body = manifest.Body.DeepClone().AsObject();
            if (manifest.Kind == "StatefulSet")
            {
                body["spec"]!["podManagementPolicy"] = "OrderedReady";
            }
            cluster.Put(ApiPath.Of(manifest), body);
        }
        Assert.Equal("Pending", (string?)cluster.Find(RedisPod)!["status"]!["phase"]);

        await DeployAsync("1.0.0");

        Assert.Equal("Running", (string?)cluster.Find(RedisPod)!["status"]!["phase"]);
        Assert.Equal("Parallel", (string?)cluster.Find(Redis)!["spec"]!["podManagementPolicy"]);
    }

    [Fact]
    public async Task A_stalled_release_tells_first_of_the_job_that_makes_the_secrets()
    {
        await DeployAsync("1.0.0");
        var job = TestRelease.Manifests("2.0.0-broken").Single(m => m.Kind == "Job");
        cluster.Put("/api/v1/namespaces/provost/pods/secrets-1", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "secrets-1", ["labels"] = new JsonObject { ["job-name"] = job.Name } },
            ["status"] = new JsonObject
            {
                ["phase"] = "Failed",
                ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "secrets", ["restartCount"] = 0, ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 8, ["reason"] = "Error" } } }),
            },
        });

        var failure = (await DeployAsync("2.0.0-broken")).Failure!;

        Assert.StartsWith($"job {job.Name}: has not ended yet", failure.Details[0], StringComparison.Ordinal);
        Assert.Contains(failure.Details, line => line.Contains("secrets ended with code 8", StringComparison.Ordinal));
        Assert.Contains(failure.Details, line => line.Contains("the last words of the container", StringComparison.Ordinal));
    }

    private Task<ClusterOutcome> DeployAsync(string version, bool stores = false) => cluster.DeployAsync(new ClusterRequest(version, TestRelease.Manifests(version)) { Stores = stores }, Say);

    private void Say(string line)
    {
        lock (said)
        {
            said.Add(line);
        }
    }

    private string StoreImage() => (string)cluster.Find(Redis)!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
}
