using System.Text.Json.Nodes;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>
/// A release is deployed on a site of containers, and returned to, while somebody asks the edge without a break: nobody notices. One
/// that does not start, does not get ready or fails its smoke checks leaves everything as it was and says why. The drill proves the
/// same, and sees failure when draining is left out.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class DeployStory(BuiltImages images)
{
    private static readonly string[] Before = ["api-1", "api-2", "backup-1", "clickhouse-1", "edge-1", "gateway-1", "redis-1", "web-1"];
    private static readonly string[] Beside = ["api-3", "api-4", "backup-1", "clickhouse-1", "edge-1", "gateway-2", "redis-1", "web-2"];

    [Fact]
    public async Task Deployed_rolled_back_returned_by_itself_and_drilled_without_anybody_noticing()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-deploy"));
        registry.TrustByEngine();
        const string embedded = "stores: { redis: { server: embedded }, clickHouse: { server: embedded } }";
        await using var site = await ComposeSite.PrepareAsync(
            images, registry, "rolling", $"  local:\n    target: compose\n    http: {{ port: {PrivateRegistry.FreePort()} }}\n    shutdown: {{ drain: 2s, limit: 10s }}\n    {embedded}\n");
        (await site.ProvostAsync("up", "--detach", "--no-demo")).Require();
        Assert.Equal(Before, (await site.ReplicasAsync()).Keys.Order(StringComparer.Ordinal));

        await NobodyNoticesAsync(site, async () =>
        {
            await DeployAsync(site, registry);
            await RollbackAsync(site);
            await BrokenReleaseAsync(site, registry);
            if (Repository.Soak)
            {
                await MoreFaultsAsync(site, registry);
            }
        });
        await MaintenanceAsync(site);
        await DrillAsync(site);
        await StoreDownAsync(site);
        (await site.ProvostAsync("ledger", "verify")).Require();
    }

    // The same as on plain processes, where CI sees them too.
    private async Task MoreFaultsAsync(ComposeSite site, PrivateRegistry registry)
    {
        await BrokenPageAsync(site, registry);
        await HangingDrainAsync(site);
        await NeverReadyAsync(site);
        // The next command finds what it left and returns first.
        await site.KillWhenAsync("Start new gateways", "deploy", "0.0.2", "--no-backup");
    }

    private static async Task NobodyNoticesAsync(ComposeSite site, Func<Task> work)
    {
        using var watch = new EdgeWatch(await site.UrlAsync(), null);
        await work();
        var (asked, failures) = await watch.EndAsync();
        Assert.InRange(asked, 50, int.MaxValue);
        Assert.Empty(failures);
    }

    private async Task DeployAsync(ComposeSite site, PrivateRegistry registry)
    {
        var before = await site.ReplicasAsync();
        await site.ReleaseAsync(registry, "0.0.2", pages: await images.PagesAsync(OtherFiles.RenameInAsync));

        var report = await ReportAsync(0, site, "deploy");

        Assert.Equal(("0.0.2+story", "0.0.1+story"), ((string?)report["release"], (string?)report["from"]));
        Assert.Equal(["preflight", "backup", "migrate", "start", "switch", "smoke", "gateways", "drain"], report["steps"]!.AsArray().Select(step => (string)step!["name"]!));
        var after = await site.ReplicasAsync();
        Assert.Equal(Beside, after.Keys.Order(StringComparer.Ordinal));
        // Whoever serves nobody is renewed in place.
        Assert.All(after.Keys.Intersect(before.Keys).Except(["backup-1"]), id => Assert.Equal((int)before[id]["pid"]!, (int)after[id]["pid"]!));
        (await site.ProvostAsync("smoke")).Require();
        // The file alone is what runs.
        var containers = await site.ContainersAsync();
        (await site.ComposeAsync("up", "--detach", "--remove-orphans")).Require();
        Assert.Equal(containers, await site.ContainersAsync());
    }

    private static async Task RollbackAsync(ComposeSite site)
    {
        var report = await ReportAsync(0, site, "rollback");

        Assert.Equal("0.0.1+story", (string?)report["release"]);
        Assert.Equal(Before, (await site.ReplicasAsync()).Keys.Order(StringComparer.Ordinal));
        var releases = JsonNode.Parse((await site.ProvostAsync("releases", "--json")).Require())!.AsArray();
        Assert.Equal(["0.0.1+story", "0.0.2+story"], releases.Select(release => (string)release!["release"]!).Order(StringComparer.Ordinal));
        Assert.Equal("0.0.1+story", (string?)releases.Single(release => (bool)release!["live"]!)!["release"]);
    }

    private static async Task BrokenReleaseAsync(ComposeSite site, PrivateRegistry registry)
    {
        var before = await site.ContainersAsync();
        await site.ReleaseAsync(registry, "0.0.3", broken: "PROVOST_Cache__Megabytes=-1");

        var report = await ReportAsync(9, site, "deploy", "--no-backup");

        Assert.True((bool)report["rolledBack"]!);
        Assert.Contains("ended at its start", (string?)report["reason"], StringComparison.Ordinal);
        Assert.Contains(report["details"]!.AsArray(), line => ((string)line!).Contains("PROVOST_Cache__Megabytes is -1", StringComparison.Ordinal));
        Assert.Equal(before, await site.ContainersAsync());
    }

    private async Task BrokenPageAsync(ComposeSite site, PrivateRegistry registry)
    {
        var before = await site.ContainersAsync();
        await site.ReleaseAsync(registry, "0.0.4", pages: await images.PagesAsync(OtherFiles.BreakPageInAsync));

        var report = await ReportAsync(9, site, "deploy", "--no-backup");

        Assert.Contains("js/missing.0123456789.js", (string?)report["reason"], StringComparison.Ordinal);
        Assert.Equal(before, await site.ContainersAsync());
        await WholeAsync(site);
    }

    // It is ended when its time is over, and the new release serves.
    private static async Task HangingDrainAsync(ComposeSite site)
    {
        var outcome = await site.StrikeWhenAsync("Drain and stop", () => site.HangAsync("api-1"), "deploy", "0.0.2", "--no-backup");

        Assert.True(outcome.Exit == 0, outcome.Output + outcome.Error);
        Assert.Equal(Beside, (await site.ReplicasAsync()).Keys.Order(StringComparer.Ordinal));
        await WholeAsync(site);
        Assert.Equal("0.0.1+story", (string?)(await ReportAsync(0, site, "rollback"))["release"]);
    }

    private static async Task NeverReadyAsync(ComposeSite site)
    {
        var before = await site.ContainersAsync();

        var outcome = await site.StrikeWhenAsync("Start the new replicas", () => site.HangAsync("api-3"), "deploy", "0.0.2", "--no-backup", "--json");

        Assert.True(outcome.Exit == 9, outcome.Output + outcome.Error);
        Assert.Contains("ready", (string?)JsonNode.Parse(outcome.Output)!["reason"], StringComparison.Ordinal);
        Assert.Equal(before, await site.ContainersAsync());
        await WholeAsync(site);
    }

    private static async Task StoreDownAsync(ComposeSite site)
    {
        await site.ReplicaAsync("redis-1", "stop");

        var refused = await site.ProvostAsync("deploy", "0.0.2", "--no-backup", "--json");

        await site.ReplicaAsync("redis-1", "start");
        await site.HealthyAsync();
        Assert.True(refused.Exit == 6, refused.Output + refused.Error);
        Assert.Contains("redis-1 is not ready", (string?)JsonNode.Parse(refused.Output)!["error"]!["what"], StringComparison.Ordinal);
        await WholeAsync(site);
    }

    private static async Task WholeAsync(ComposeSite site)
    {
        (await site.ProvostAsync("smoke")).Require();
        (await site.ProvostAsync("ledger", "verify")).Require();
        Assert.Equal("free", (await site.ProvostAsync("lock", "status")).Require().Trim());
    }

    private static async Task MaintenanceAsync(ComposeSite site)
    {
        using var user = new HttpClient { BaseAddress = await site.UrlAsync() };
        (await site.ProvostAsync("maintenance", "on", "--message", "Back at 14:00")).Require();
        using (var closed = await user.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(503, (int)closed.StatusCode);
        }
        (await site.ProvostAsync("maintenance", "off")).Require();
        using var open = await user.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)open.StatusCode);
    }

    private static async Task DrillAsync(ComposeSite site)
    {
        string[] small = ["drill", "deploy", "--rounds", "1", "--sessions", "10", "--rate", "20", "--clients", "3", "--json"];
        string[] whole = ["drill", "deploy", "--rounds", "4", "--sessions", "100", "--rate", "60", "--clients", "8", "--json"];
        var (figures, said) = await FiguresAsync(site, [.. Repository.Soak ? whole : small, "--between", "0.0.2"]);
        Assert.Equal(Repository.Soak, said.Contains("the deployment of 0.0.2+story had been broken off: 0.0.1+story serves", StringComparison.Ordinal));
        Assert.All(new[] { "failed", "lost", "duplicated", "sessionsCut", "messagesMissed", "messagesRepeated", "assetErrors" }, count => Assert.Equal((count, 0), (count, Count(count))));
        Assert.True(Count("rolls") >= 1 && Count("rollbacks") == 1 && Count("gatewaySwaps") == 1, figures.ToJsonString());
        Assert.True(Count("sessionsMoved") >= Count("sessions") * (Count("rolls") + Count("rollbacks") + Count("gatewaySwaps")), figures.ToJsonString());
        // Gaps and waits are judged where nothing else uses the machine.
        Assert.True(!Repository.Soak || ((bool)figures["passed"]! && (double)figures["longestGapMs"]! <= 500 && (double)figures["longestWaitMs"]! <= 500 && Count("rolls") >= 4), figures.ToJsonString());
        long Count(string figure) => (long)figures[figure]!;

        if (Repository.Soak)
        {
            await BlindDrillAsync(site, small);
        }
    }

    private static async Task BlindDrillAsync(ComposeSite site, string[] drill)
    {
        var (blind, _) = await FiguresAsync(site, [.. drill, "--without-draining"]);

        Assert.False((bool)blind["passed"]!);
        Assert.InRange((long)blind["sessionsCut"]! + (long)blind["failed"]! + (long)blind["lost"]!, 1, long.MaxValue);
    }

    private static async Task<(JsonNode Figures, string Said)> FiguresAsync(ComposeSite site, string[] drill)
    {
        var outcome = await site.ProvostAsync(drill);
        TestContext.Current.SendDiagnosticMessage($"{string.Join(' ', drill)}: {outcome.Output}");
        Assert.True(outcome.Exit is 0 or 1, outcome.Output + outcome.Error);
        return (JsonNode.Parse(outcome.Output)!, outcome.Error);
    }

    private static async Task<JsonNode> ReportAsync(int exit, ComposeSite site, params string[] verb)
    {
        var outcome = await site.ProvostAsync([.. verb, "--json"]);
        Assert.True(outcome.Exit == exit, $"{string.Join(' ', verb)}: exit {outcome.Exit}\n{outcome.Output}\n{outcome.Error}");
        var report = JsonNode.Parse(outcome.Output)!;
        TestContext.Current.SendDiagnosticMessage($"{string.Join(' ', verb)}: {report.ToJsonString()}");
        Assert.Equal(0, (long)report["failed"]!);
        return report;
    }
}
