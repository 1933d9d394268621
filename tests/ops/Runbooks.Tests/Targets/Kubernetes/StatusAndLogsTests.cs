using System.Text.Json.Nodes;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Releases;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class StatusAndLogsTests : IDisposable
{
    private const string Pods = "/api/v1/namespaces/provost/pods/";
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task Nothing_there_is_told_apart_from_something_ill()
    {
        var status = await StatusAsync();

        Assert.False(status.Found);
        Assert.False(status.IsHealthy);
    }

    [Fact]
    public async Task A_site_is_healthy_when_each_of_its_workloads_is_and_shows_its_pods()
    {
        Workload("deployments", "api", "Deployment");
        Workload("statefulsets", "redis", "StatefulSet");
        Pod("api-1", "api", ready: true, restarts: 2);

        var status = await StatusAsync();

        Assert.True(status.IsHealthy);
        Assert.Equal(["api", "redis"], status.Components.Select(c => c.State.Name));
        var pod = Assert.Single(status.Components[0].Pods);
        Assert.Equal(("api-1", "node-1", true, 2, "Running", null), (pod.Name, pod.Node, pod.Ready, pod.Restarts, pod.Phase, pod.Problem));
    }

    [Fact]
    public async Task A_pod_that_waits_says_for_what_and_the_site_is_not_healthy()
    {
        cluster.Rolls = false;
        Workload("deployments", "api", "Deployment");
        Pod("api-1", "api", ready: false, restarts: 0, waiting: "CreateContainerConfigError");

        var status = await StatusAsync();

        Assert.True(status.Found);
        Assert.False(status.IsHealthy);
        Assert.Equal("CreateContainerConfigError: secret not found", Assert.Single(status.Components[0].Pods).Problem);
    }

    [Fact]
    public async Task Logs_are_those_of_the_installations_pods_that_have_started()
    {
        Pod("api-1", "api", ready: true, restarts: 0);
        Pod("web-1", "web", ready: true, restarts: 0);
        Pod("api-2", "api", ready: false, restarts: 0, waiting: "ContainerCreating");
        Pod("stranger-1", "api", ready: true, restarts: 0, installation: "other");

        Assert.Equal(["api-1", "web-1"], (await LogsAsync()).Select(line => line.Pod));
        Assert.Equal(["web-1"], (await LogsAsync("web")).Select(line => line.Pod));
        Assert.Equal(["api-1"], (await LogsAsync("api-1")).Select(line => line.Pod));
        Assert.All(await LogsAsync(), line => Assert.Equal("the last words of the container", line.Text));
    }

    [Fact]
    public async Task A_container_that_fell_over_and_over_is_heard_though_it_waits()
    {
        Pod("api-1", "api", ready: false, restarts: 3, waiting: "CrashLoopBackOff");

        Assert.Single(await LogsAsync());
    }

    [Fact]
    public async Task Following_hears_pods_that_come_later_and_ends_when_it_is_interrupted()
    {
        Pod("api-1", "api", ready: true, restarts: 0);
        using var api = cluster.Connect();
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        interrupted.CancelAfter(TimeSpan.FromSeconds(30));
        HashSet<string> heard = [];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var (pod, _) in new ClusterLogs(api, "provost", "provost", TimeProvider.System).ReadAsync(new LogRequest([], null, null, Follow: true), interrupted.Token))
            {
                if (heard.Add(pod) && pod == "api-1")
                {
                    Pod("api-2", "api", ready: true, restarts: 0);
                }
                if (heard.Count == 2)
                {
                    await interrupted.CancelAsync();
                }
            }
            interrupted.Token.ThrowIfCancellationRequested();
        });

        Assert.Equal(["api-1", "api-2"], heard.Order());
    }

    [Fact]
    public async Task What_is_asked_of_the_server_is_what_was_asked_for()
    {
        Pod("api-1", "api", ready: true, restarts: 0);
        using var api = cluster.Connect();

        await foreach (var _ in new ClusterLogs(api, "provost", "provost", TimeProvider.System).ReadAsync(
            new LogRequest([], DateTimeOffset.UnixEpoch, 7, Follow: false), TestContext.Current.CancellationToken))
        {
        }

        Assert.Contains("?container=main&tailLines=7&sinceTime=1970-01-01T00%3A00%3A00Z", cluster.Queries);
    }

    private async Task<ClusterStatus> StatusAsync()
    {
        using var api = cluster.Connect();
        return await ClusterStatus.ReadAsync(api, "provost", new ReleaseBook(api, "provost", "provost", TimeProvider.System), TestContext.Current.CancellationToken);
    }

    private async Task<List<(string Pod, string Text)>> LogsAsync(params string[] services)
    {
        using var api = cluster.Connect();
        List<(string, string)> lines = [];
        await foreach (var line in new ClusterLogs(api, "provost", "provost", TimeProvider.System).ReadAsync(new LogRequest(services, null, null, Follow: false), TestContext.Current.CancellationToken))
        {
            lines.Add(line);
        }
        return lines;
    }

    private void Workload(string collection, string name, string kind) => cluster.Put($"/apis/apps/v1/namespaces/provost/{collection}/{name}", new JsonObject
    {
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "provost" },
        ["spec"] = new JsonObject { ["replicas"] = 1 },
    });

    private void Pod(string name, string component, bool ready, int restarts, string? waiting = null, string installation = "provost") => cluster.Put(Pods + name, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = component, ["app.kubernetes.io/instance"] = installation } },
        ["spec"] = new JsonObject { ["nodeName"] = "node-1" },
        ["status"] = new JsonObject
        {
            ["phase"] = waiting is null ? "Running" : "Pending",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" }),
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["restartCount"] = restarts,
                ["state"] = waiting is null ? new JsonObject { ["running"] = new JsonObject() } : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = waiting, ["message"] = waiting == "CreateContainerConfigError" ? "secret not found" : "" } },
            }),
        },
    });
}
