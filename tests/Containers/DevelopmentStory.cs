using System.Diagnostics;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>
/// What a developer does: renders for development, docker compose up -d, changes a source file and sees the change in what is
/// answered. The sources are a copy of the checkout, mounted over it in the override file, because the story changes them.
/// In CI size the gateway alone is compiled.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class DevelopmentStory(BuiltImages images)
{
    private const string Changed = "src/platform/Gateway/Edge/EdgeRegistration.cs";
    private const string Answer = "Results.Text(\"ready\")";

    // Two replicas of the api and the gateway are compiled at the same time, from nothing.
    private static readonly TimeSpan CompileLimit = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan ChangeLimit = TimeSpan.FromMinutes(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(images.Folder, "development");

    private string Sources => Path.Combine(Folder, "sources");

    private string Rendered => Path.Combine(Folder, "rendered");

    [Fact]
    public async Task Services_run_from_the_sources_and_what_is_changed_there_is_answered_next()
    {
        images.Require();
        var port = PrivateRegistry.FreePort();
        await PrepareAsync(port);
        try
        {
            (await ComposeAsync(["up", "--detach", .. Repository.Soak ? [] : new[] { "--no-deps", "gateway" }])).Require();
            await HealthyAsync(Repository.Soak ? 6 : 1);
            Assert.Equal("ready", await AskAsync($"http://localhost:{port}/health/ready"));
            if (Repository.Soak)
            {
                Assert.Contains("blazor.webassembly", await AskAsync($"http://localhost:{port}/"), StringComparison.Ordinal);
                Assert.Contains("antiforgeryToken", await AskAsync("http://127.0.0.1:18082/api/session"), StringComparison.Ordinal);
            }

            await ChangeAsync(Answer, "Results.Text(\"does not compile\"");
            await SaysAsync("gateway", "error CS1026");
            await ChangeAsync("Results.Text(\"does not compile\"", "Results.Text(\"ready, and changed\")");
            await AnswersAsync($"http://localhost:{port}/health/ready", "ready, and changed");
        }
        finally
        {
            await ComposeAsync("down", "--volumes", "--timeout", "10");
        }
    }

    private async Task PrepareAsync(int port)
    {
        var files = (await Programs.RunAsync("git", ["-C", Programs.Root, "ls-files"])).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var file in files.Where(file => File.Exists(Path.Combine(Programs.Root, file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Sources, file))!);
            File.Copy(Path.Combine(Programs.Root, file), Path.Combine(Sources, file));
        }
        if (Repository.Soak && !Directory.Exists(Path.Combine(Programs.Root, "artifacts/publish/Web/release/wwwroot")))
        {
            (await Programs.RunAsync("dotnet", ["publish", "src/platform/Web", "-c", "Release", "--nologo"])).Require();
        }
        var description = Path.Combine(Folder, "provost.yaml");
        await File.WriteAllTextAsync(description, $$"""
            name: development
            sites:
              local:
                target: compose
                http: { port: {{port}} }
                stores: { redis: { server: embedded }, clickHouse: { server: embedded } }
            """, Stop);
        (await images.RunAsync(Programs.Provost, ["render", "compose", "--development", "-o", Rendered, "--config", description, "--release", BuiltImages.Version, "--revision", "story"])).Require();
        await File.WriteAllTextAsync(Path.Combine(Rendered, "compose.override.yaml"), Override(), Stop);
    }

    private string Override() => "services:\n" + string.Concat(new[] { "api-1", "api-2", "gateway" }.Select(service => $$"""
          {{service}}:
            volumes: [{ type: bind, source: {{Sources}}, target: /source, read_only: true }]

        """));

    private async Task HealthyAsync(int services)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromSeconds(3), Stop))
        {
            var states = (await ComposeAsync("ps", "--format", "{{.Service}} {{.State}} {{.Health}}")).Require();
            var lines = states.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length == services && lines.All(line => line.EndsWith("running healthy", StringComparison.Ordinal)))
            {
                TestContext.Current.SendDiagnosticMessage($"docker compose up -d from the sources to healthy: {patience.Elapsed.TotalSeconds:0} s");
                return;
            }
            Assert.True(patience.Elapsed < CompileLimit, $"{states}{(await ComposeAsync("logs", "--tail", "30")).Output}");
        }
    }

    // In place, as editors of some machines do: the file stays the same one.
    private async Task ChangeAsync(string text, string by)
    {
        var file = Path.Combine(Sources, Changed);
        var before = await File.ReadAllTextAsync(file, Stop);
        Assert.Contains(text, before, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, before.Replace(text, by, StringComparison.Ordinal), Stop);
    }

    private async Task SaysAsync(string service, string words)
    {
        string said;
        for (var patience = Stopwatch.StartNew(); !(said = (await ComposeAsync("logs", service)).Output).Contains(words, StringComparison.Ordinal); await Task.Delay(TimeSpan.FromSeconds(1), Stop))
        {
            Assert.True(patience.Elapsed < ChangeLimit, said);
        }
    }

    private async Task AnswersAsync(string url, string expected)
    {
        string? answered;
        var patience = Stopwatch.StartNew();
        while ((answered = await AskAsync(url)) != expected)
        {
            Assert.True(patience.Elapsed < ChangeLimit, $"{answered} {(await ComposeAsync("logs", "--tail", "30", "gateway")).Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
        }
        TestContext.Current.SendDiagnosticMessage($"a changed source answers after {patience.Elapsed.TotalSeconds:0} s");
    }

    /// <returns>Null when nobody answers.</returns>
    private static async Task<string?> AskAsync(string url)
    {
        using var http = new HttpClient();
        try
        {
            return await http.GetStringAsync(new Uri(url), Stop);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private Task<Outcome> ComposeAsync(params string[] arguments) => images.RunAsync("docker", ["compose", "--project-directory", Rendered, .. arguments]);
}
