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

    /// <summary>Stages of a deployment, as the command names them while it works, and what it must be asked for.</summary>
    public static TheoryData<string, string> Stages => Repository.Soak
        ? new()
        {
            { "Look whether", "" }, { "Take a backup", "" }, { "Expand the schema", "" }, { "Renew the stores", "--stores" }, { "Start the new replicas", "" },
            { "Compare the new replicas", "--canary=50% --canary-time=3" }, { "Switch the gateways", "" }, { "Try the new release", "" }, { "Start new gateways", "" },
            { "Drain and stop", "" }, { "Contract the schema", "--contract" },
        }
        : new() { { "Start the new replicas", "" }, { "Drain and stop", "" } };

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

    [Fact]
    public async Task A_release_that_fails_and_hangs_while_it_is_taken_back_is_killed_and_the_report_says_so()
    {
        var before = await LiveAsync();
        var broken = await ReleaseForge.WithBrokenPageAsync(installation, "8.0.4");
        var old = (await installation.ReplicasAsync()).Select(replica => replica.Pid).ToList();
        Task<int>? hung = null;

        var deploy = await DeployRun.StrikeAsync(installation, [broken, "--json"], "Try the new release", _ =>
        {
            hung = Replicas.StopWhenToldToEndAsync(installation, old, TestContext.Current.CancellationToken);
            return Task.CompletedTask;
        });

        output.WriteLine(deploy.ToString());
        Assert.True(hung!.IsCompletedSuccessfully, "no replica of the new release was told to end");
        var pid = await hung;
        Assert.Equal(Returned, deploy.ExitCode);
        var report = JsonDocument.Parse(deploy.Output).RootElement;
        Assert.Contains("js/missing.0123456789.js", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("undone").EnumerateArray(), line => line.GetString()!.Contains($"was killed after 18 s: process {pid} ", StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/proc/{pid}"));
        await MustServeAsync(before);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task An_agent_that_is_killed_in_the_middle_of_a_stage_leaves_a_healthy_installation(string stage, string options)
    {
        var (before, other) = (await LiveAsync(), await running.OtherAsync());
        var agent = (await installation.ReplicasAsync()).Single(replica => replica.Service == "agent").Pid;

        var deploy = await DeployRun.StrikeAsync(installation, [other, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)], stage, _ => Replicas.SignalAsync("KILL", agent));

        output.WriteLine(deploy.Talk);
        Assert.True(deploy.ExitCode is 0 or Returned, deploy.Talk);
        await MustServeAsync(deploy.ExitCode == 0 ? other : before);
        await BackAsync(before);
    }

    [Fact]
    public async Task A_command_that_is_killed_in_the_middle_is_settled_by_the_next_one()
    {
        var (before, other) = (await LiveAsync(), await running.OtherAsync());
        var deploy = await DeployRun.StrikeAsync(installation, [other], "Try the new release", KillAsync);
        output.WriteLine(deploy.Talk);
        Assert.Contains("abandoned", (await installation.RunAsync("lock", "status")).Output, StringComparison.Ordinal);

        var up = (await Command.ProvostAsync(installation.Directory, Limit, "up", "-d", "--no-demo")).MustSucceed();

        Assert.Contains($"{other} had been broken off: {before} serves", up.Talk, StringComparison.Ordinal);
        await MustServeAsync(before);
        Assert.Equal("returned", await LastResultAsync(other));
    }

    [Fact]
    public async Task After_a_command_that_was_killed_when_the_new_release_served_already_a_rollback_leads_to_the_one_before()
    {
        var (before, other) = (await LiveAsync(), await running.OtherAsync());
        var deploy = await DeployRun.StrikeAsync(installation, [other], "Drain and stop", KillAsync);
        output.WriteLine(deploy.Talk);

        var back = (await Command.ProvostAsync(installation.Directory, Limit, "rollback", "--json")).MustSucceed();

        Assert.Contains("it was finished", back.Talk, StringComparison.Ordinal);
        Assert.Equal((before, other), (back.Json.GetProperty("release").GetString(), back.Json.GetProperty("from").GetString()));
        await MustServeAsync(before);
        Assert.Equal("done", await LastResultAsync(other));
    }

    [Fact]
    public async Task An_old_replica_that_hangs_when_it_shall_drain_is_ended_and_the_new_release_serves()
    {
        var (live, other) = (await LiveAsync(), await running.OtherAsync());
        var before = (await installation.ReplicasAsync()).Where(replica => replica.Service == "api").ToList();

        var deploy = await DeployRun.StrikeAsync(installation, [other, "--json"], "Drain and stop", _ => Replicas.SignalAsync("STOP", before[0].Pid));

        output.WriteLine(deploy.ToString());
        Assert.Equal(0, deploy.ExitCode);
        var notes = JsonDocument.Parse(deploy.Output).RootElement.GetProperty("notes").EnumerateArray();
        Assert.Contains(notes, note => note.GetString()!.Contains($"{before[0].Id} was killed after", StringComparison.Ordinal));
        await MustServeAsync(other);
        Assert.All(before, replica => Assert.False(Directory.Exists($"/proc/{replica.Pid}"), $"{replica.Id} still runs"));
        await BackAsync(live);
    }

    [Theory]
    [InlineData("redis-1")]
    [InlineData("clickhouse-1")]
    public async Task Nothing_is_begun_while_a_store_is_down(string store)
    {
        var before = await LiveAsync();
        await using (Replicas.HoldStill(installation, store))
        {
            await UntilAsync(async () => !IsReady((await installation.RunAsync("status", "--json")).Json, store));

            var refused = await Command.ProvostAsync(installation.Directory, Limit, "deploy", before, "--json");

            Assert.Equal(6, refused.ExitCode);
            Assert.Contains($"{store} is not ready", refused.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
        }
        await UntilAsync(async () => (await installation.RunAsync("status")).ExitCode == 0);
        await MustServeAsync(before);
    }

    [Fact]
    public async Task A_store_that_is_lost_in_the_middle_ends_on_the_old_release_and_the_reason_is_told()
    {
        var (before, other) = (await LiveAsync(), await running.OtherAsync());
        IAsyncDisposable? held = null;

        var deploy = await DeployRun.StrikeAsync(installation, [other, "--json"], "Start the new replicas", _ =>
        {
            held = Replicas.HoldStill(installation, "redis-1");
            return Task.CompletedTask;
        });
        await held!.DisposeAsync();

        output.WriteLine(deploy.ToString());
        Assert.Equal(Returned, deploy.ExitCode);
        var report = JsonDocument.Parse(deploy.Output).RootElement;
        Assert.Contains("api-", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("undone").EnumerateArray(), line => line.GetString()!.Contains("not all of it", StringComparison.Ordinal));
        await UntilAsync(async () => (await installation.RunAsync("status")).ExitCode == 0);
        var up = (await Command.ProvostAsync(installation.Directory, Limit, "up", "-d", "--no-demo")).MustSucceed();
        Assert.Contains($"{before} serves", up.Talk, StringComparison.Ordinal);
        await MustServeAsync(before);
        Assert.Equal("returned", await LastResultAsync(other));
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

    private static Task KillAsync(Process command)
    {
        command.Kill();
        return Task.CompletedTask;
    }

    private async Task BackAsync(string release)
    {
        if (await LiveAsync() != release)
            (await Command.ProvostAsync(installation.Directory, Limit, "rollback", release)).MustSucceed();
    }

    private async Task<string> LastResultAsync(string release) => (await installation.JsonAsync("releases")).EnumerateArray()
        .Single(known => known.GetProperty("release").GetString() == release).GetProperty("deployments").EnumerateArray().Last().GetProperty("result").GetString()!;

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

    private static bool IsReady(JsonElement status, string replica) => status.GetProperty("services").EnumerateArray()
        .SelectMany(service => service.GetProperty("replicas").EnumerateArray()).Any(known => known.GetProperty("id").GetString() == replica && known.GetProperty("ready").GetBoolean());

    private async Task<string> LiveAsync() => (await installation.JsonAsync("status")).GetProperty("release").GetString()!;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var patience = Stopwatch.StartNew(); !await holds(); await Task.Delay(300))
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "not within a minute");
    }
}
