using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>Deployments nobody notices: everything is replaced under load, and the same harness sees it when draining is off.</summary>
public sealed class DeployStory(RunningInstallation running, ITestOutputHelper output) : IClassFixture<RunningInstallation>
{
    private static readonly TimeSpan DrillLimit = TimeSpan.FromMinutes(Repository.Soak ? 60 : 8);

    private readonly Installation installation = running.Installation;

    private static string[] Load => Repository.Soak
        ? ["--rounds", "20", "--clients", "24", "--rate", "500", "--sessions", "500", "--requests", "200000"]
        : ["--rounds", "1", "--clients", "6", "--rate", "60", "--sessions", "40"];

    [Fact]
    public async Task Rolling_forward_and_back_swapping_gateways_and_killing_the_agent_is_not_noticed()
    {
        var other = await ReleaseForge.WithOtherFilesAsync(installation, "7.1.0");

        var drill = await Command.ProvostAsync(installation.Directory, DrillLimit, ["drill", "deploy", "--json", "--between", other, .. Load]);
        output.WriteLine(drill.ToString());
        var figures = drill.Json;

        foreach (var promised in (string[])["failed", "lost", "duplicated", "sessionsCut", "messagesMissed", "messagesRepeated", "assetErrors"])
            Assert.True(Count(promised) == 0, $"{promised}: {drill}");
        Assert.Equal(JsonValueKind.Null, figures.GetProperty("brokenOff").ValueKind);
        Assert.True(Count("sessionsMoved") >= Count("sessions") * (Count("rolls") + Count("rollbacks") + Count("gatewaySwaps")), $"each of them moves every session: {drill}");
        Assert.True(Count("streams") > 0 && Count("messages") > 0, drill.ToString());
        // Gaps and waits are promises of a machine that nobody else uses.
        if (Repository.Soak)
        {
            Assert.True(figures.GetProperty("longestGapMs").GetDouble() <= 500, drill.ToString());
            Assert.True(figures.GetProperty("longestWaitMs").GetDouble() <= 500, drill.ToString());
            Assert.True(drill.ExitCode == 0 && figures.GetProperty("passed").GetBoolean(), drill.ToString());
            Assert.True(Count("sent") >= 200_000 && Count("sessions") >= 500, drill.ToString());
            Assert.True(Count("rolls") >= 20 && Count("rollbacks") >= 5 && Count("gatewaySwaps") >= 5, drill.ToString());
        }
        long Count(string figure) => figures.GetProperty(figure).GetInt64();
        await MustBeWholeAsync();
    }

    [Fact]
    public async Task Without_draining_the_same_drill_fails()
    {
        var drill = await Command.ProvostAsync(installation.Directory, DrillLimit, ["drill", "deploy", "--json", "--without-draining", "--rounds", "1", "--clients", "6", "--rate", "60", "--sessions", "40"]);

        Assert.Equal(1, drill.ExitCode);
        Assert.False(drill.Json.GetProperty("passed").GetBoolean());
        Assert.True(drill.Json.GetProperty("sessionsCut").GetInt64() > 0, drill.ToString());
        await MustBeWholeAsync();
    }

    [Fact]
    public async Task An_interrupted_drill_brings_the_site_back_to_where_it_began_and_its_figures_are_kept()
    {
        var before = await LiveAsync();
        var other = await ReleaseForge.CreateAsync(installation, "7.2.0");
        using var drill = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "provost"), ["drill", "deploy", "--json", "--between", other, "--rounds", "2", "--clients", "3", "--rate", "20", "--sessions", "5"])
        {
            WorkingDirectory = installation.Directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (talk, rolls) = (new List<string>(), 0);
        while (await drill.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            talk.Add(line);
            // The second one begins, so the other release serves.
            if (line.Contains("roll: ", StringComparison.Ordinal) && ++rolls == 2)
                (await Command.RunAsync("kill", "/", DrillLimit, "-INT", drill.Id.ToString(CultureInfo.InvariantCulture))).MustSucceed();
        }
        var figures = JsonDocument.Parse(await drill.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement;
        await drill.WaitForExitAsync(TestContext.Current.CancellationToken);

        output.WriteLine(string.Join('\n', [.. talk, figures.ToString()]));
        Assert.Equal(130, drill.ExitCode);
        Assert.Equal($"the drill was interrupted; {before} serves", figures.GetProperty("brokenOff").GetString());
        Assert.False(figures.GetProperty("passed").GetBoolean());
        Assert.Equal(before, await LiveAsync());
        var noted = (await installation.JsonAsync("ledger", "list")).EnumerateArray().Last(entry => entry.GetProperty("verb").GetString() == "drill deploy");
        Assert.Equal("failed", noted.GetProperty("result").GetString());
        Assert.Equal(figures.GetProperty("sent").GetInt64(), noted.GetProperty("details").GetProperty("sent").GetInt64());
        await MustBeWholeAsync();
    }

    [Fact]
    public async Task A_changed_provost_yaml_goes_live_and_comes_back_with_a_rollback()
    {
        var file = Path.Combine(installation.Directory, "provost.yaml");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, before + "\n    services:\n      api:\n        replicas: 3\n", TestContext.Current.CancellationToken);
        var release = await LiveAsync();

        var deployed = await DeployAsync("deploy", release);
        Assert.Equal(3, await ApisAsync());
        Assert.Equal(0, deployed.GetProperty("failed").GetInt64());

        var returned = await DeployAsync("rollback");
        Assert.Equal(2, await ApisAsync());
        Assert.Equal(release, returned.GetProperty("release").GetString());
        await File.WriteAllTextAsync(file, before, TestContext.Current.CancellationToken);
        await MustBeWholeAsync();
    }

    private async Task<JsonElement> DeployAsync(params string[] arguments)
    {
        var run = (await Command.ProvostAsync(installation.Directory, TimeSpan.FromMinutes(5), [.. arguments, "--json"])).MustSucceed();
        output.WriteLine(run.ToString());
        return run.Json;
    }

    private async Task<int> ApisAsync() => (await installation.ReplicasAsync()).Count(replica => replica is { Service: "api", Ready: true });

    private async Task<string> LiveAsync() => (await installation.JsonAsync("status")).GetProperty("release").GetString()!;

    private async Task MustBeWholeAsync()
    {
        (await installation.RunAsync("status")).MustSucceed();
        (await installation.RunAsync("ledger", "verify")).MustSucceed();
        Assert.Equal("free", (await installation.RunAsync("lock", "status")).Output.Trim());
    }
}
