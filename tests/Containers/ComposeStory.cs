using System.Diagnostics;
using System.Text.Json.Nodes;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>
/// What an operator does: pushes the images, renders, runs docker compose up -d, imports, reads an insight through the edge.
/// A container that ends is replaced, and what cannot be deployed leaves alone what runs. The files under test are those that
/// users get; the place of the official ClickHouse image, which cannot be had here, is taken by the image with the embedded
/// engine, in the override file that is the operator's own.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class ComposeStory(BuiltImages images)
{
    private const int Students = 60;

    [Fact]
    public async Task Up_import_insight_a_killed_container_replaced_a_bad_deployment_refused_and_down()
    {
        images.Require();
        var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-compose"));
        try
        {
            registry.TrustByEngine();
            await using var site = await ComposeSite.PrepareAsync(images, registry, "story", $"  local:\n    target: compose\n    http: {{ port: {PrivateRegistry.FreePort()} }}\n");
            await site.RenderAsync();
            await StartAsync(site);

            var course = await site.ImportAsync("MATH 101", Students);
            using var professor = await site.SignInAsync("ada", "professor", "MATH 101");
            await ReadInsightAsync(professor, course);
            await ComposeBackups.MakeAsync(site);
            var kit = await ComposeBackups.ComeBackAsync(site);
            await ComposeRestores.ReplaceAsync(site, images, () => ReadInsightAsync(professor, course), kit);
            await KilledIsReplacedAsync(site, () => ReadInsightAsync(professor, course));
            await RemovedIsMissedAsync(site);
            await BadDeploymentIsRefusedAsync(site, registry);
            await ReadInsightAsync(professor, course);

            (await site.ProvostAsync("down")).Require();
            Assert.Equal(7, (await site.ProvostAsync("status")).Exit);
        }
        finally
        {
            await registry.DisposeAsync();
        }
    }

    private static async Task StartAsync(ComposeSite site)
    {
        var start = Stopwatch.GetTimestamp();
        (await site.ComposeAsync("up", "--detach")).Require();
        await site.HealthyAsync();
        TestContext.Current.SendDiagnosticMessage($"docker compose up -d to healthy: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        Assert.Equal(["api-1", "api-2", "backup-1", "clickhouse-1", "edge-1", "gateway-1", "redis-1", "web-1"], (await site.ReplicasAsync()).Keys.Order(StringComparer.Ordinal));
    }

    private static async Task ReadInsightAsync(Session professor, string course)
    {
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview");
        Assert.Equal(Students, overview.Course.Students);
        Assert.NotEmpty(overview.Triage);
    }

    // Killed from outside, as by the kernel: docker kill would count as an order to stay down.
    private static async Task KilledIsReplacedAsync(ComposeSite site, Func<Task> read)
    {
        var before = (await site.ReplicasAsync())["api-1"];
        using (var process = Process.GetProcessById((int)before["pid"]!))
        {
            process.Kill();
        }
        for (var i = 0; i < 120; i++)
        {
            await read();
            var now = (await site.ReplicasAsync())["api-1"];
            if ((bool)now["ready"]! && (int)now["restarts"]! > (int)before["restarts"]!)
            {
                Assert.NotEqual((int)before["pid"]!, (int)now["pid"]!);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
        Assert.Fail("api-1 was not replaced within a minute");
    }

    // Nobody restarts what was removed: it must not pass for healthy.
    private async Task RemovedIsMissedAsync(ComposeSite site)
    {
        var web = (await site.ComposeAsync("ps", "--quiet", "web")).Require().Trim();
        (await images.DockerAsync("rm", "--force", web)).Require();

        Assert.Equal(6, (await site.ProvostAsync("status")).Exit);
        var missing = (await site.ReplicasAsync())["web-1"];
        Assert.False((bool)missing["ready"]!);
        Assert.Contains("no container", (string?)missing["problem"], StringComparison.Ordinal);
        Assert.Contains(JsonNode.Parse((await site.ProvostAsync("doctor", "--json")).Output)!["findings"]!.AsArray(), finding => (string?)finding!["check"] == "web-1" && !(bool)finding["ok"]!);

        (await site.ComposeAsync("up", "--detach")).Require();
        await site.HealthyAsync();
    }

    private async Task BadDeploymentIsRefusedAsync(ComposeSite site, PrivateRegistry registry)
    {
        var before = await site.ContainersAsync();
        var files = await site.FilesAsync();
        await site.LockAnotherDigestAsync("gateway");
        await RefusedAsync(site, 8, "refuses the credentials", "password");
        images.SignInTo(registry);
        await RefusedAsync(site, 1, "the registry does not have it", "images push");
        images.SignInTo(null);
        await registry.DisposeAsync();
        await RefusedAsync(site, 5, "registry cannot be reached", "address");
        await RefusedAsync(site, 5, "no Docker engine answers", "systemctl", "unix:///nowhere/docker.sock");
        Assert.Equal(before, await site.ContainersAsync());
        // A deployment and a rollback read there what runs.
        Assert.Equal(files, await site.FilesAsync());
    }

    private static async Task RefusedAsync(ComposeSite site, int exit, string what, string remedy, string? host = null)
    {
        var outcome = await site.ProvostOnAsync(host, "up", "-d", "--no-demo", "--json");
        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains(what, (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains(remedy, (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(exit, outcome.Exit);
    }
}
