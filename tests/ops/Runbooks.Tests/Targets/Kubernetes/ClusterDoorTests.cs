using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Provost.Harness;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>The operator API of a cluster, through the API server to a pod: a real web server behind real WebSockets.</summary>
public sealed class ClusterDoorTests : IAsyncDisposable
{
    private const string Space = "/api/v1/namespaces/provost";
    private const string Token = "secret-of-the-operator";
    private const int Many = 3000;

    private readonly StandInCluster cluster = new();
    private WebApplication? pod;

    public async ValueTask DisposeAsync()
    {
        cluster.Dispose();
        await (pod?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task A_long_answer_comes_whole_from_the_pod_that_is_ready_and_the_token_is_that_of_the_cluster()
    {
        Installed(ready: true);
        string? authorisation = null;
        await ServeAsync(request => authorisation = request.Headers.Authorization);

        using var platform = await DoorAsync();
        var accounts = await platform.AccountsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Many, accounts.Count);
        Assert.Equal("user-2999", accounts[^1].User);
        Assert.Equal($"Bearer {Token}", authorisation);
        Assert.Contains($"GET {Space}/pods/api-2/portforward", cluster.Requests);
        Assert.DoesNotContain($"GET {Space}/pods/api-1/portforward", cluster.Requests);
    }

    [Fact]
    public async Task What_is_missing_is_named_the_site_a_ready_pod_a_right()
    {
        Assert.Contains("install the site first", (await RefusedAsync<OperationError>()).Remedy, StringComparison.Ordinal);
        Installed(ready: false);
        Assert.Contains("no pod of api is ready", (await RefusedAsync<OperationError>()).Message, StringComparison.Ordinal);
        Installed(ready: true);
        cluster.Refuse = (_, path) => path.EndsWith("/portforward", StringComparison.Ordinal) ? (403, "Forbidden", "no") : null;
        var refusal = await RefusedAsync<ApiRefusal>();
        Assert.True(refusal.IsForbidden);
        Assert.Contains("pods/portforward", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_does_not_listen_is_told_in_the_words_of_its_node()
    {
        Installed(ready: true);
        cluster.PodPort = FreePort.Next();
        using var api = cluster.Connect();

        await using var stream = await api.ForwardAsync($"{Space}/pods/api-2", 8080, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[10], TestContext.Current.CancellationToken));

        Assert.Contains("failed to connect to localhost", error.Message, StringComparison.Ordinal);
    }

    private Task<OperatorClient> DoorAsync() => new ClusterDoor(cluster.Connect(), "provost", "provost").OpenAsync(TestContext.Current.CancellationToken);

    private Task<T> RefusedAsync<T>()
        where T : Exception => Assert.ThrowsAsync<T>(DoorAsync);

    private void Installed(bool ready)
    {
        cluster.Put($"{Space}/secrets/operator-secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "operator-secrets" },
            ["data"] = new JsonObject { ["Operator__Token"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Token)) },
        });
        Pod("api-1", ready: false, "provost");
        Pod("api-0", ready: true, "other");
        Pod("api-2", ready, "provost");
    }

    private void Pod(string name, bool ready, string installation) => cluster.Put($"{Space}/pods/{name}", new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "api", ["app.kubernetes.io/instance"] = installation },
        },
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" }) },
    });

    private async Task ServeAsync(Action<HttpRequest> look)
    {
        cluster.PodPort = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{cluster.PodPort}");
        pod = builder.Build();
        pod.MapGet("/api/operator/accounts", async context =>
        {
            look(context.Request);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(new JsonArray([.. Enumerable.Range(0, Many).Select(AccountOf)]).ToJsonString());
        });
        await pod.StartAsync(TestContext.Current.CancellationToken);
    }

    private static JsonObject AccountOf(int number) => new()
    {
        ["user"] = $"user-{number}",
        ["isAdmin"] = false,
        ["memberships"] = new JsonArray(),
        ["created"] = "2026-01-01T00:00:00Z",
    };
}
