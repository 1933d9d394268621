using System.Diagnostics;
using System.Text.Json.Nodes;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>
/// A backup brought back into the Compose site that runs: refused over live data, undone when it fails in the middle, done from a
/// repository that was moved and with the kit alone; what stood is kept until it is discarded.
/// </summary>
internal static class ComposeRestores
{
    private const string Later = "LATE 999";

    /// <param name="read">Reads an insight of a course that the newest backup has, in a session from before it.</param>
    /// <param name="kit">File with a recovery kit.</param>
    public static async Task ReplaceAsync(ComposeSite site, BuiltImages images, Func<Task> read, string kit)
    {
        await site.ImportAsync(Later, 20);
        var refused = await site.ProvostAsync("restore", "--json");
        Assert.Equal(8, refused.Exit);
        Assert.Contains("holds live data", refused.Output, StringComparison.Ordinal);

        if (Repository.Soak)
        {
            await UndoneAsync(site, images, read);
        }

        var start = Stopwatch.GetTimestamp();
        var restored = await JsonAsync(site, "restore", "--replace", "--from", await MovedAsync(site, images), "--kit", kit);
        Say($"restore --replace from a moved repository into the Compose site: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, {Phases(restored)}");
        Assert.True((bool)restored["digestsEqual"]!);
        Assert.Equal(6, ((string)restored["setAside"]!).Split(", ").Length);
        await site.HealthyAsync();
        await read();
        var gone = await site.ProvostAsync("user", "add", "eve", "--role", "ta", "--course", Later);
        Assert.Contains($"There is no course \"{Later}\"", gone.Error, StringComparison.Ordinal);

        await KeptAndDiscardedAsync(site, images, read);
    }

    // A key is lost after the site was stopped: it must run again with what it had, the later course included.
    private static async Task UndoneAsync(ComposeSite site, BuiltImages images, Func<Task> read)
    {
        var work = (await images.DockerAsync("volume", "inspect", "--format", "{{.Mountpoint}}", "story_backup-work")).Require().Trim();
        var failed = await site.StrikeWhenAsync("stopping the site", () =>
        {
            File.Delete(Path.Combine(work, "backup/staged/.provost/secrets/api/Names__Key"));
            return Task.CompletedTask;
        }, "restore", "--replace", "--json");

        Assert.Equal(8, failed.Exit);
        Assert.Contains("Names__Key", failed.Output, StringComparison.Ordinal);
        Assert.Contains("goes on with the volumes that it had", failed.Output, StringComparison.Ordinal);
        await site.HealthyAsync();
        await read();
        Assert.Empty((await JsonAsync(site, "restore", "--discard"))["setAside"]!.AsArray());
        Assert.False(Directory.Exists(Path.Combine(work, "backup/staged")));
    }

    // To a directory of the machine, as a disk that was carried there.
    private static async Task<string> MovedAsync(ComposeSite site, BuiltImages images)
    {
        var volume = (await images.DockerAsync("volume", "inspect", "--format", "{{.Mountpoint}}", "story_backups")).Require().Trim();
        var moved = Path.Combine(site.Folder, "moved");
        (await Programs.RunAsync("cp", ["--archive", Directory.EnumerateDirectories(volume).Single(), moved])).Require();
        return moved;
    }

    private static async Task KeptAndDiscardedAsync(ComposeSite site, BuiltImages images, Func<Task> read)
    {
        // Names of its own repositories' keys stay, and the file alone is what runs.
        await JsonAsync(site, "backup", "create");
        var containers = await site.ContainersAsync();
        (await site.ComposeAsync("up", "--detach")).Require();
        Assert.Equal(containers, await site.ContainersAsync());

        var shown = await site.ProvostAsync("restore", "--discard");
        Assert.Equal(2, shown.Exit);
        Assert.Contains("story_redis-data\n", shown.Output, StringComparison.Ordinal);
        (await site.ProvostAsync("restore", "--discard", "--yes")).Require();
        Assert.DoesNotContain("story_redis-data\n", (await images.DockerAsync("volume", "ls", "--quiet")).Require(), StringComparison.Ordinal);
        await read();
    }

    private static string Phases(JsonNode restored) => string.Join(", ", restored["phases"]!.AsArray().Select(phase => $"{phase!["name"]} {phase["seconds"]}"));

    private static async Task<JsonNode> JsonAsync(ComposeSite site, params string[] arguments) =>
        JsonNode.Parse((await site.ProvostAsync([.. arguments, "--json"])).Require())!;

    private static void Say(string figure) => TestContext.Current.SendDiagnosticMessage(figure);
}
