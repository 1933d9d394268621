using System.Diagnostics;
using System.Text.Json.Nodes;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>The backups of a Compose site that runs, made by its own container while somebody writes.</summary>
internal static class ComposeBackups
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task MakeAsync(ComposeSite site)
    {
        using var over = new CancellationTokenSource();
        var writing = WriteAsync(site, over.Token);
        var created = await JsonAsync(site, "backup", "create");
        var again = await JsonAsync(site, "backup", "create");
        await over.CancelAsync();
        Assert.True(await writing > 0);

        Assert.Equal(["id", "bytes", "newBytes", "seconds", "writeStallMs"], created.AsObject().Select(p => p.Key).Take(5));
        Assert.True((long)again["newBytes"]! < (long)again["bytes"]!);
        Say($"backup create under imports: {created["seconds"]} s, commits waited {created["writeStallMs"]} ms at most, {created["newBytes"]} new bytes; the second {again["seconds"]} s, {again["writeStallMs"]} ms, {again["newBytes"]} new bytes");
        Assert.Equal([(string)created["id"]!, (string)again["id"]!], (await JsonAsync(site, "backup", "list")).AsArray().Select(b => (string)b!["id"]!));
        var verified = await JsonAsync(site, "backup", "verify", "--restore");
        Assert.Equal((string)again["id"]!, (string?)verified["restored"]);
        Assert.True((bool)verified["passed"]!);
        Assert.NotNull((await JsonAsync(site, "status"))["backup"]!["verifiedAgeSeconds"]);
    }

    /// <summary>As a folder of plain processes on this machine, and as a rehearsal with a kit alone in the container.</summary>
    /// <returns>A file with a recovery kit.</returns>
    public static async Task<string> ComeBackAsync(ComposeSite site)
    {
        var into = Path.Combine(site.Folder, "restored");
        var start = Stopwatch.GetTimestamp();
        var restored = await JsonAsync(site, "restore", "--into", into);
        Say($"restored into a folder of this machine in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {restored["bytes"]} bytes");
        Assert.True((bool)restored["digestsEqual"]!);
        Assert.Equal(into, (string?)restored["folder"]);
        Assert.Contains("target: process", await File.ReadAllTextAsync(Path.Combine(into, "provost.yaml"), Stop), StringComparison.Ordinal);
        Assert.All(["Names__Key", "Pseudonyms__Key", "DataProtection__Key"], key => Assert.True(File.Exists(Path.Combine(into, ".provost/secrets/api", key))));
        Assert.Equal(8, (await site.ProvostAsync("restore", "--into", into)).Exit);

        var drill = await JsonAsync(site, "drill", "restore");
        Say($"drill restore in the container: {drill["rtoSeconds"]} s to the first answer");
        Assert.True((bool)drill["passed"]!, drill.ToJsonString());
        Assert.Equal(0, (long)drill["lostWrites"]!);
        var kit = Path.Combine(site.Folder, "kit.txt");
        await File.WriteAllTextAsync(kit, (await site.ProvostAsync("recovery-kit", "create")).Require(), Stop);
        Assert.All((await JsonAsync(site, "recovery-kit", "check", kit)).AsArray(), check => Assert.True((bool)check!["opens"]!));
        Assert.Equal(0, (await site.ProvostAsync("backup", "prune", "--yes")).Exit);
        return kit;
    }

    private static async Task<int> WriteAsync(ComposeSite site, CancellationToken over)
    {
        var file = Path.Combine(site.Folder, "written.csv");
        var imports = 0;
        for (; !over.IsCancellationRequested; imports++)
        {
            await File.WriteAllTextAsync(file, SeededGradebook.Canvas(30, 6, seed: 7, revision: imports), Stop);
            (await site.ProvostAsync("import", file, "--course", $"Written {imports / 4}")).Require();
        }
        return imports;
    }

    private static async Task<JsonNode> JsonAsync(ComposeSite site, params string[] arguments) =>
        JsonNode.Parse((await site.ProvostAsync([.. arguments, "--json"])).Require())!;

    private static void Say(string figure) => TestContext.Current.SendDiagnosticMessage(figure);
}
