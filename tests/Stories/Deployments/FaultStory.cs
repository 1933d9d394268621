using System.Diagnostics;
using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>Whatever goes wrong with a deployment, the old release serves on, and the report says why.</summary>
public sealed class FaultStory(RunningInstallation running, ITestOutputHelper output) : IClassFixture<RunningInstallation>
{
    private const int Returned = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Installation installation = running.Installation;

    /// <summary>Stages of a deployment, as the command names them while it works.</summary>
    public static TheoryData<string> Stages => Repository.Soak
        ? ["Look whether", "Take a backup", "Expand the schema", "Start the new replicas", "Switch the gateways", "Try the new release", "Start new gateways", "Drain and stop"]
        : ["Start the new replicas"];

    [Fact]
    public async Task A_release_that_ends_at_its_start_is_taken_back_and_its_last_words_are_shown()
    {
        var broken = await ReleaseForge.WithApiAsync(installation, "8.0.1", """echo '{"time":"2026-01-01T00:00:00Z","level":"critical","message":"out of cheese"}'; exit 78""");

        var report = await FailsAsync(broken);

        Assert.Contains("code 78", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("details").EnumerateArray(), line => line.GetString()!.Contains("critical", StringComparison.Ordinal) && line.GetString()!.Contains("out of cheese", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_that_never_gets_ready_is_taken_back_with_its_last_answer()
    {
        var broken = await ReleaseForge.WithApiAsync(installation, "8.0.2", "exec sleep 300");

        var report = await FailsAsync(broken);

        Assert.Contains("did not get ready within 25 s; last answer:", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_ready_but_fails_the_smoke_checks_is_taken_back()
    {
        var broken = await ReleaseForge.WithBrokenPageAsync(installation, "8.0.3");

        var report = await FailsAsync(broken);

        Assert.Contains("js/missing.0123456789.js", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, report.GetProperty("failed").GetInt64());
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task An_agent_that_is_killed_in_the_middle_of_a_stage_leaves_a_healthy_installation(string stage)
    {
        var agent = (await installation.ReplicasAsync()).Single(replica => replica.Service == "agent").Pid;

        var (exitCode, talk) = await DeployUntilAsync(stage, _ => Process.GetProcessById(agent).Kill());

        output.WriteLine(talk);
        Assert.True(exitCode is 0 or Returned, talk);
        await MustServeAsync(await LiveAsync());
    }

    [Fact]
    public async Task A_command_that_is_killed_in_the_middle_is_settled_by_the_next_one()
    {
        var before = await LiveAsync();
        var (_, talk) = await DeployUntilAsync("Try the new release", deploy => deploy.Kill());
        output.WriteLine(talk);
        Assert.Contains("abandoned", (await installation.RunAsync("lock", "status")).Output, StringComparison.Ordinal);

        var up = (await Command.ProvostAsync(installation.Directory, Limit, "up", "-d", "--no-demo")).MustSucceed();

        Assert.Contains("had been broken off", up.Talk, StringComparison.Ordinal);
        await MustServeAsync(before);
    }

    [Fact]
    public async Task An_old_replica_that_hangs_when_it_shall_drain_is_ended_and_the_new_release_serves()
    {
        var before = (await installation.ReplicasAsync()).Where(replica => replica.Service == "api").ToList();

        var (exitCode, talk) = await DeployUntilAsync("Drain and stop", _ => SignalAsync("STOP", before[0].Pid).Wait());

        output.WriteLine(talk);
        Assert.True(exitCode == 0, talk);
        await MustServeAsync(await LiveAsync());
        Assert.All(before, replica => Assert.False(Directory.Exists($"/proc/{replica.Pid}"), $"{replica.Id} still runs"));
    }

    [Fact]
    public async Task Nothing_is_begun_while_a_store_is_down()
    {
        var before = await LiveAsync();
        var redis = (await installation.ReplicasAsync()).Single(replica => replica.Service == "redis").Pid;
        await SignalAsync("STOP", redis);
        try
        {
            await UntilAsync(async () => (await installation.RunAsync("status")).Output.Contains("PING: no answer", StringComparison.Ordinal));

            var refused = await Command.ProvostAsync(installation.Directory, Limit, "deploy", before, "--json");

            Assert.Equal(6, refused.ExitCode);
            Assert.Contains("redis-1 is not ready", refused.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await SignalAsync("CONT", redis);
        }
        await UntilAsync(async () => (await installation.RunAsync("status")).ExitCode == 0);
        await MustServeAsync(before);
    }

    private async Task<JsonElement> FailsAsync(string release)
    {
        var before = await LiveAsync();
        var run = await Command.ProvostAsync(installation.Directory, Limit, "deploy", release, "--json");
        output.WriteLine(run.ToString());
        Assert.Equal(Returned, run.ExitCode);
        Assert.True(run.Json.GetProperty("rolledBack").GetBoolean());
        Assert.NotEmpty(run.Json.GetProperty("undone").EnumerateArray());
        await MustServeAsync(before);
        return run.Json;
    }

    private async Task<(int ExitCode, string Talk)> DeployUntilAsync(string stage, Action<Process> strike)
    {
        using var deploy = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "provost"), ["deploy", await LiveAsync()])
        {
            WorkingDirectory = installation.Directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var talk = new List<string>();
        while (await deploy.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            talk.Add(line);
            if (line.Contains(stage, StringComparison.Ordinal))
                strike(deploy);
        }
        await deploy.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (deploy.ExitCode, string.Join('\n', talk));
    }

    private async Task MustServeAsync(string release)
    {
        Assert.Equal(release, await LiveAsync());
        (await installation.RunAsync("smoke")).MustSucceed();
        (await installation.RunAsync("ledger", "verify")).MustSucceed();
        Assert.Equal("free", (await installation.RunAsync("lock", "status")).Output.Trim());
        var replicas = await installation.ReplicasAsync();
        Assert.All(replicas, replica => Assert.True(replica.Ready, replica.Id));
        Assert.Equal([("agent", 1), ("api", 2), ("clickhouse", 1), ("gateway", 2), ("redis", 1), ("web", 1)], replicas.GroupBy(r => r.Service).Select(g => (g.Key, g.Count())).OrderBy(g => g.Key));
    }

    private async Task<string> LiveAsync() => (await installation.JsonAsync("status")).GetProperty("release").GetString()!;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var patience = Stopwatch.StartNew(); !await holds(); await Task.Delay(300))
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "not within a minute");
    }

    private static async Task SignalAsync(string signal, int pid) => (await Command.RunAsync("kill", "/", Limit, $"-{signal}", pid.ToString(System.Globalization.CultureInfo.InvariantCulture))).MustSucceed();
}
