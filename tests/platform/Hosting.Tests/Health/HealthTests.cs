using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Provost.Hosting.Health;

namespace Provost.Hosting.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_names_the_check_that_fails_and_live_does_not_ask_it()
    {
        var reachable = false;
        await using var app = ServiceUnderTest.Build([], builder => builder
            .AddReadinessCheck("store", _ => reachable ? Task.CompletedTask : throw new IOException("connection refused"))
            .AddReadinessCheck("other", _ => Task.CompletedTask));
        using var client = await StartAsync(app);

        using (var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            Assert.Equal("notReady", report.GetProperty("status").GetString());
            var store = report.GetProperty("checks")[0];
            Assert.Equal(("store", false, "connection refused"),
                (store.GetProperty("name").GetString(), store.GetProperty("ready").GetBoolean(), store.GetProperty("problem").GetString()));
            Assert.True(report.GetProperty("checks")[1].GetProperty("ready").GetBoolean());
        }

        using var live = await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        reachable = true;
        await Eventually.ReadyAsync(client);
    }

    [Fact]
    public async Task A_check_that_hangs_is_given_two_seconds_and_probes_in_between_share_one_answer()
    {
        var runs = 0;
        await using var app = ServiceUnderTest.Build([], builder => builder.AddReadinessCheck("hanging", _ =>
        {
            Interlocked.Increment(ref runs);
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }));
        using var client = await StartAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync(new Uri("/health/ready", UriKind.Relative))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Contains("no answer within 2 s", await answers[0].Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task With_an_admin_listener_health_and_metrics_are_there_only_and_nothing_else_is()
    {
        await using var app = ServiceUnderTest.Build([], ("Listen:Http", "tcp:127.0.0.1:0"), ("Listen:Admin", "tcp:127.0.0.1:0"));
        using var client = await StartAsync(app);
        using var admin = new HttpClient { BaseAddress = new Uri(app.Urls.Last()) };

        foreach (var path in new[] { "/health/ready", "/health/live", "/health/startup", "/metrics", "/drain" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, path));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(admin, path));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/who"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(admin, "/who"));
    }

    [Fact]
    public async Task Metrics_carry_durations_by_route_connections_and_the_process()
    {
        await using var app = ServiceUnderTest.Build([]);
        using var client = await StartAsync(app);
        await client.GetStringAsync(new Uri("/slow/1", UriKind.Relative), TestContext.Current.CancellationToken);

        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Contains("http_route=\"/slow/{milliseconds:int}\"", metrics, StringComparison.Ordinal);
        foreach (var name in new[] { "http_server_request_duration_seconds_bucket", "kestrel_active_connections", "dotnet_process_memory_working_set_bytes", "provost_live_connections" })
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }
    }

    private static async Task<HttpClient> StartAsync(WebApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
