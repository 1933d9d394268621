using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>Deployments nobody notices: everything is replaced under load, and the same harness sees it when draining is off.</summary>
public sealed class DeployStory(RunningInstallation running, ITestOutputHelper output) : IClassFixture<RunningInstallation>
{
    private static readonly TimeSpan DrillLimit = TimeSpan.FromMinutes(Repository.Soak ? 60 : 8);

    private readonly Installation installation = running.Installation;

    private static string[] Load => Repository.Soak
        ? ["--rounds", "20", "--clients", "24", "--rate", "500", "--sessions", "500"]
        : ["--rounds", "1", "--clients", "6", "--rate", "60", "--sessions", "40"];

    [Fact]
    public async Task Rolling_forward_and_back_swapping_gateways_and_killing_the_agent_is_not_noticed()
    {
        var other = await ReleaseForge.WithOtherFilesAsync(installation, "7.1.0");

        var drill = await Command.ProvostAsync(installation.Directory, DrillLimit, ["drill", "deploy", "--json", "--between", other, .. Load]);
        output.WriteLine(drill.ToString());
        var figures = drill.Json;

        foreach (var promised in (string[])["failed", "lost", "duplicated", "sessionsCut", "messagesMissed", "messagesRepeated", "assetErrors"])
            Assert.True(figures.GetProperty(promised).GetInt64() == 0, $"{promised}: {drill}");
        Assert.True(figures.GetProperty("sessionsMoved").GetInt64() >= figures.GetProperty("sessions").GetInt64() * 3, "every swap moves every session");
        Assert.True(figures.GetProperty("streams").GetInt64() > 0);
        Assert.True(figures.GetProperty("messages").GetInt64() > 0);
        if (Repository.Soak)
        {
            Assert.True(figures.GetProperty("sent").GetInt64() >= 200_000);
            Assert.True(figures.GetProperty("rolls").GetInt32() >= 20 && figures.GetProperty("rollbacks").GetInt32() >= 5 && figures.GetProperty("gatewaySwaps").GetInt32() >= 5);
        }
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
