using System.Text.Json.Nodes;
using Provost.Contracts;

namespace Provost.Containers.Tests;

/// <summary>
/// The small option with HTTPS by the installation's own authority, through provost alone: up with progress, status, logs,
/// import, user, doctor, down; data stay until destroy. What cannot be started leaves alone what runs.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class SmallSiteStory(BuiltImages images)
{
    private const int Students = 40;

    [Fact]
    public async Task Up_looked_at_used_over_TLS_down_up_again_and_destroyed()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-small"));
        registry.TrustByEngine();
        await using var site = await PrepareAsync(registry, PrivateRegistry.FreePort());
        var authority = await UpAsync(site);

        var course = await site.ImportAsync("CHEM 200", Students);
        using (var professor = await site.SignInAsync("marie", "professor", "CHEM 200", authority))
        {
            await ReadInsightAsync(professor, course);
            await LookAsync(site);
            await ComposeBackups.MakeAsync(site);
            await TakenPortIsRefusedAsync(site, registry);
            await ReadInsightAsync(professor, course);
        }
        await ChangedReplicasFollowOneAnotherAsync(site, authority);
        (await site.ProvostAsync("down")).Require();
        Assert.Equal(7, (await site.ProvostAsync("status")).Exit);
        await LostKeyIsSaidAsync(site);

        Assert.Equal(authority, await UpAsync(site));
        using var again = await site.SignInAsync("pierre", "professor", "CHEM 200", authority);
        await ReadInsightAsync(again, course);
        (await site.ProvostAsync("destroy", "--yes", "small")).Require();
        Assert.Equal("small-campus_backups", (await images.DockerAsync("volume", "ls", "--quiet", "--filter", "name=small-campus")).Require().Trim());
        (await images.DockerAsync("volume", "rm", "small-campus_backups")).Require();
    }

    private async Task<ComposeSite> PrepareAsync(PrivateRegistry registry, int port)
    {
        const string embedded = "stores: { redis: { server: embedded }, clickHouse: { server: embedded } }";
        var sites = $"  campus:\n    target: compose\n    domain: localhost\n    https: {{ port: {port} }}\n    {embedded}\n" +
            $"  lab:\n    target: compose\n    state: lab\n    domain: localhost\n    https: {{ port: {port} }}\n    {embedded}\n";
        return (await ComposeSite.PrepareAsync(images, registry, "small", sites)).At("campus");
    }

    // The certificate of the authority, as a browser would be given it.
    private static async Task<string> UpAsync(ComposeSite site)
    {
        var up = await site.ProvostAsync("up", "--detach", "--no-demo", "--json");
        var answer = JsonNode.Parse(up.Require())!;
        Assert.Contains("Wait until everything is healthy", up.Error, StringComparison.Ordinal);
        Assert.Contains("api 2/2", up.Error, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage($"provost up on the small site: {answer["seconds"]} s");
        return await File.ReadAllTextAsync((string)answer["trustCertificate"]!, TestContext.Current.CancellationToken);
    }

    private static async Task LookAsync(ComposeSite site)
    {
        var replicas = await site.ReplicasAsync();
        Assert.Equal(["agent-1", "api-1", "api-2", "backup-1", "clickhouse-1", "edge-1", "gateway-1", "redis-1", "web-1"], replicas.Keys.Order(StringComparer.Ordinal));
        Assert.All(replicas.Values, replica => Assert.True((bool)replica["ready"]!));

        var lines = (await site.ProvostAsync("logs", "api", "--json")).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["api-1", "api-2"], lines.Select(line => (string)line["replica"]!).Distinct().Order(StringComparer.Ordinal));

        var doctor = JsonNode.Parse((await site.ProvostAsync("doctor", "--json")).Require())!;
        Assert.All(doctor["findings"]!.AsArray(), finding => Assert.True((bool)finding!["ok"]!));

        (await site.ProvostAsync("restart", "web")).Require();
        var restarted = await site.ReplicasAsync();
        Assert.NotEqual((int)replicas["web-1"]["pid"]!, (int)restarted["web-1"]["pid"]!);
        Assert.Equal((int)replicas["api-1"]["pid"]!, (int)restarted["api-1"]["pid"]!);

        var before = await site.ContainersAsync();
        (await site.ProvostAsync("up", "--detach")).Require();
        Assert.Equal(before, await site.ContainersAsync());
    }

    private static async Task TakenPortIsRefusedAsync(ComposeSite site, PrivateRegistry registry)
    {
        var before = await site.ContainersAsync();
        // The other site has the port of this one, which runs.
        await RefusedAsync(site.At("lab"));
        // This one is to move to a port that somebody else has: its edge must not stop for that.
        var settings = Path.Combine(site.Rendered, ".env");
        var text = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(settings, $"{text}\nPROVOST_PORT={registry.Port}\n", TestContext.Current.CancellationToken);
        await RefusedAsync(site);
        await File.WriteAllTextAsync(settings, text, TestContext.Current.CancellationToken);
        Assert.Equal(before, await site.ContainersAsync());
    }

    private static async Task RefusedAsync(ComposeSite site)
    {
        var outcome = await site.ProvostAsync("up", "--detach", "--no-demo", "--json");
        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains("is taken by another program", (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains("https.port", (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(5, outcome.Exit);
    }

    // The edge is asked all the time meanwhile.
    private static async Task ChangedReplicasFollowOneAnotherAsync(ComposeSite site, string authority)
    {
        var before = await site.ReplicasAsync();
        await site.ReplaceAsync("    domain: localhost\n", "    domain: localhost\n    services: { api: { resources: { cpus: 1.5 } } }\n");
        using var watch = new EdgeWatch(await site.UrlAsync(), authority);

        var up = await site.ProvostAsync("up", "--detach");

        up.Require();
        var (asked, failures) = await watch.EndAsync();
        TestContext.Current.SendDiagnosticMessage($"both replicas of the api replaced: {asked} requests at the edge, {failures.Count} failed");
        Assert.Contains("api-1 was started anew and is healthy", up.Error, StringComparison.Ordinal);
        var after = await site.ReplicasAsync();
        // Backups hold provost.yaml and are made as it says: whenever it changes, the backup container is another one.
        Assert.All(after.Keys, id => Assert.Equal(id.StartsWith("api-", StringComparison.Ordinal) || id == "backup-1", (int)before[id]["pid"]! != (int)after[id]["pid"]!));
        Assert.InRange(asked, 20, int.MaxValue);
        Assert.Empty(failures);
    }

    // Its own words, not only Compose's that it failed; nothing is made anew in the place of a key that data were written with.
    private async Task LostKeyIsSaidAsync(ComposeSite site)
    {
        var volume = (await images.DockerAsync("volume", "inspect", "--format", "{{.Mountpoint}}", "small-campus_secrets-api")).Require().Trim();
        var key = Directory.EnumerateFiles(volume).First(file => Path.GetFileName(file).Contains("Key", StringComparison.Ordinal));
        File.Move(key, key + ".away");

        var error = JsonNode.Parse((await site.ProvostAsync("up", "--detach", "--no-demo", "--json")).Output)!["error"]!;

        File.Move(key + ".away", key);
        Assert.Contains("the secrets could not be made", (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains(error["details"]!.AsArray(), line => ((string)line!).Contains("is gone, and data were written with it", StringComparison.Ordinal));
    }

    private static async Task ReadInsightAsync(Harness.Session professor, string course)
    {
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview");
        Assert.Equal(Students, overview.Course.Students);
        Assert.NotEmpty(overview.Triage);
    }
}
