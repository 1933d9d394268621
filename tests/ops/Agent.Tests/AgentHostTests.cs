using System.Net.Sockets;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Tests;

public sealed class AgentHostTests
{
    private const int StopSignal = 19;

    [Fact]
    public async Task Starts_a_replica_with_its_socket_and_nothing_of_its_own()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();

        var replica = await site.ReadyAsync("small-1");

        Assert.Equal($"{replica.Pid}", await site.GetAsync("small-1", "/pid"));
        Assert.DoesNotContain("agent.lock", await site.GetAsync("small-1", "/descriptors"), StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_CLI", await site.GetAsync("small-1", "/environment"), StringComparison.Ordinal);
        Assert.True(replica.RssBytes > 1_000_000);
    }

    [Fact]
    public async Task Starts_a_killed_replica_again_at_once_on_the_same_port()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var first = await site.ReadyAsync("small-1");

        TestSite.Kill(first.Pid!.Value);
        var answer = await site.GetAsync("small-1", "/pid");
        var second = await site.ReadyAsync("small-1");

        Assert.NotEqual($"{first.Pid}", answer);
        Assert.Equal($"{second.Pid}", answer);
        Assert.Equal(1, second.Restarts);
    }

    [Fact]
    public async Task A_request_to_a_socket_of_two_is_answered_while_one_of_them_is_dead()
    {
        await using var site = new TestSite();
        site.Add("edge-1", "public");
        site.Add("edge-2", "public");
        site.StartAgent();
        var first = await site.ReadyAsync("edge-1");
        var second = await site.ReadyAsync("edge-2");

        TestSite.Kill(first.Pid!.Value);

        for (var i = 0; i < 20; i++)
        {
            Assert.NotEqual($"{first.Pid}", await site.GetAsync("public", "/pid"));
        }
        Assert.True(ProcessTable.Identify(second.Pid!.Value) is not null);
    }

    [Fact]
    public async Task Services_outlive_a_killed_agent_and_its_successor_adopts_them_with_their_sockets()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        site.KillAgent();
        Assert.Equal($"{before.Pid}", await site.GetAsync("small-1", "/pid"));
        site.StartAgent();
        var adopted = await site.ReadyAsync("small-1");
        Assert.Equal(before.Pid, adopted.Pid);

        // The successor owns the same listening socket: it outlives the process that held it.
        TestSite.Kill(adopted.Pid!.Value);
        var restarted = await site.UntilAsync("small-1", r => r.Ready && r.Pid != before.Pid, "started anew");
        Assert.Equal($"{restarted.Pid}", await site.GetAsync("small-1", "/pid"));
    }

    [Fact]
    public async Task A_successor_finds_its_services_when_the_state_file_is_lost()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        site.KillAgent();
        File.Delete(site.State.AgentState);
        site.StartAgent();

        Assert.Equal(before.Pid, (await site.ReadyAsync("small-1")).Pid);
    }

    [Fact]
    public async Task A_successor_starts_what_ended_while_there_was_no_agent()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        site.KillAgent();
        TestSite.Kill(before.Pid!.Value);
        site.StartAgent();

        Assert.NotEqual(before.Pid, (await site.ReadyAsync("small-1")).Pid);
    }

    [Fact]
    public async Task Reports_a_crash_loop_with_the_last_log_lines_and_waits_longer_each_time()
    {
        await using var site = new TestSite();
        site.Add("broken-1", arguments: ["crash"]);
        site.StartAgent();

        var broken = await site.UntilAsync("broken-1", r => r.CrashLoop && r.Phase == Phase.BackingOff, "in a crash loop");

        Assert.Contains("exited with code 3", broken.Problem, StringComparison.Ordinal);
        // The status says it a moment before the log does.
        var log = await File.ReadAllTextAsync(site.State.AgentLog, TestContext.Current.CancellationToken);
        for (var tries = 0; tries < 400 && !log.Contains("crashLoop", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
            log = await File.ReadAllTextAsync(site.State.AgentLog, TestContext.Current.CancellationToken);
        }
        Assert.Contains("the reason of the crash", log, StringComparison.Ordinal);
        Assert.Contains("next start in 1 s", log, StringComparison.Ordinal);
        Assert.InRange(broken.Restarts, 3, 5);
    }

    [Fact]
    public async Task Says_what_is_wrong_when_a_program_is_missing()
    {
        await using var site = new TestSite();
        site.Add("lost-1", program: "/nowhere/Provost.Lost");
        site.StartAgent();

        var lost = await site.UntilAsync("lost-1", r => r.Problem?.Contains("could not be started", StringComparison.Ordinal) == true, "refused");

        Assert.Contains("/nowhere/Provost.Lost", lost.Problem, StringComparison.Ordinal);
        Assert.Contains("provost up", lost.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kills_a_replica_that_hangs_and_starts_it_anew()
    {
        await using var site = new TestSite { Probes = new(0.1, 0.3, 3, 30) };
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        await site.GetAsync("small-1", "/hang");

        Assert.NotEqual(before.Pid, (await site.UntilAsync("small-1", r => r.Ready && r.Pid != before.Pid, "started anew")).Pid);
    }

    [Fact]
    public async Task Refuses_a_second_agent_on_the_same_state()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        await site.ReadyAsync("small-1");

        var (exitCode, lines) = await Shell.RunAsync(
            new Command(TestSite.Service, ["agent", "run", "--state", site.State.Root]), null, TestContext.Current.CancellationToken);

        Assert.Equal(8, exitCode);
        Assert.Contains($"another agent (process {site.AgentPid}) looks after", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_a_replica_after_those_that_it_needs()
    {
        await using var site = new TestSite();
        site.Add("store-1", arguments: ["crash"]);
        site.Put(site.Add("user-1") with { Needs = ["store"] });
        site.StartAgent();
        await site.UntilAsync("store-1", r => r.Restarts > 0, "ended");

        var waiting = await site.UntilAsync("user-1", r => r.Phase == Phase.Waiting, "waiting");
        Assert.Null(waiting.Pid);
        Assert.Equal("waits for store", waiting.Problem);

        site.Add("store-1");
        site.Write();
        var applied = await site.Client.ApplyAsync(TestContext.Current.CancellationToken);
        Assert.True(applied.Done, applied.Problem);
        await site.ReadyAsync("user-1");
    }

    [Fact]
    public async Task Applies_a_changed_environment_by_starting_anew_and_leaves_the_others_alone()
    {
        await using var site = new TestSite();
        var spec = site.Add("small-1");
        site.Add("other-1");
        site.StartAgent();
        var (small, other) = (await site.ReadyAsync("small-1"), await site.ReadyAsync("other-1"));

        site.Put(spec with { Environment = new Dictionary<string, string>(spec.Environment) { ["PROVOST_New__Key"] = "1" } });
        site.Write();
        var applied = await site.Client.ApplyAsync(TestContext.Current.CancellationToken);

        Assert.True(applied.Done, applied.Problem);
        Assert.NotEqual(small.Pid, (await site.ReadyAsync("small-1")).Pid);
        Assert.Equal(other.Pid, (await site.ReadyAsync("other-1")).Pid);
        Assert.Contains("PROVOST_New__Key", await site.GetAsync("small-1", "/environment"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_that_moves_is_served_at_its_new_port_and_no_longer_at_the_old_one(bool byASuccessor)
    {
        await using var site = new TestSite();
        site.Add("edge-1", "public");
        site.Add("other-1");
        site.StartAgent();
        var (edge, other) = (await site.ReadyAsync("edge-1"), await site.ReadyAsync("other-1"));
        var before = site.Port("public");

        site.Move("public");
        site.Add("edge-1", "public");
        site.Write();
        if (byASuccessor)
        {
            site.KillAgent();
            site.StartAgent();
            await site.UntilAsync("other-1", r => r.Ready, "adopted");
        }
        var applied = await site.Client.ApplyAsync(TestContext.Current.CancellationToken);

        Assert.True(applied.Done, applied.Problem);
        var moved = await site.UntilAsync("edge-1", r => r.Ready && r.Pid != edge.Pid, "started anew");
        Assert.Equal($"{moved.Pid}", await site.GetAsync("public", "/pid"));
        using var knock = new System.Net.Sockets.TcpClient();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => knock.ConnectAsync("127.0.0.1", before, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(other.Pid, (await site.ReadyAsync("other-1")).Pid);
    }

    [Fact]
    public async Task Changed_probes_are_taken_up_by_the_agent_that_runs()
    {
        await using var site = new TestSite { Probes = new(0.1, 60, 1000, 30) };
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        site.Probes = new(0.1, 0.3, 3, 30);
        site.Write();
        Assert.True((await site.Client.ApplyAsync(TestContext.Current.CancellationToken)).Done);
        await site.GetAsync("small-1", "/hang");

        Assert.NotEqual(before.Pid, (await site.UntilAsync("small-1", r => r.Ready && r.Pid != before.Pid, "started anew")).Pid);
    }

    [Fact]
    public async Task A_replica_that_does_not_end_when_it_is_told_to_is_killed_and_that_is_reported()
    {
        await using var site = new TestSite();
        var spec = site.Add("small-1") with { StopSeconds = 1 };
        site.Put(spec);
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        Assert.Equal(0, Native.SendSignal(before.Pid!.Value, StopSignal));
        Assert.True((await site.Client.RestartAsync("small-1", TestContext.Current.CancellationToken)).Done);

        var log = await File.ReadAllTextAsync(site.State.AgentLog, TestContext.Current.CancellationToken);
        Assert.Contains("\"kind\":\"killed\"", log, StringComparison.Ordinal);
        Assert.Contains("was killed after 1 s", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ends_every_service_and_the_agent()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var small = await site.ReadyAsync("small-1");

        var answer = await site.Client.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.Done);
        Assert.Null(ProcessTable.Identify(small.Pid!.Value));
        Assert.Equal(site.AgentPid, Native.WaitPid(site.AgentPid, out var status, 0));
        Assert.Equal(0, status);
    }

    [Fact]
    public async Task Stop_ends_the_agent_also_when_whoever_asked_is_gone()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var small = await site.ReadyAsync("small-1");

        using (var asking = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await asking.ConnectAsync(new UnixDomainSocketEndPoint(site.State.AgentSocket), TestContext.Current.CancellationToken);
            await asking.SendAsync("POST /stop HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(site.AgentPid, Native.WaitPid(site.AgentPid, out var status, 0));
        Assert.Equal(0, status);
        Assert.Null(ProcessTable.Identify(small.Pid!.Value));
    }

    [Fact]
    public async Task Terminating_the_agent_leaves_the_services_running()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var small = await site.ReadyAsync("small-1");

        _ = Native.SendSignal(site.AgentPid, Native.Terminate);
        Assert.Equal(site.AgentPid, Native.WaitPid(site.AgentPid, out var status, 0));

        Assert.Equal(0, status);
        Assert.Equal($"{small.Pid}", await site.GetAsync("small-1", "/pid"));
    }

    [Fact]
    public async Task Rotation_loses_no_line_while_a_replica_writes()
    {
        await using var site = new TestSite { Logs = new(200_000, 50) };
        site.Add("small-1");
        site.StartAgent();
        await site.ReadyAsync("small-1");

        const int rounds = 12;
        const int lines = 2_000;
        for (var i = 0; i < rounds; i++)
        {
            await site.GetAsync("small-1", $"/lines/{lines}");
            await Task.Delay(400, TestContext.Current.CancellationToken);
        }
        await Task.Delay(2_500, TestContext.Current.CancellationToken);
        await site.GetAsync("small-1", "/lines/1");

        var files = Directory.GetFiles(site.State.Logs, "small-1.log*");
        Assert.True(files.Length >= 3, $"only {files.Length} files: nothing was rotated");
        Assert.Equal((rounds * lines) + 2, files.Sum(f => File.ReadLines(f).Count()));
        Assert.NotEqual(0, new FileInfo(site.State.LogFile("small-1")).Length);
    }

    [Fact]
    public async Task A_changed_time_to_stop_needs_no_new_start_and_a_planned_restart_is_no_crash()
    {
        await using var site = new TestSite();
        var spec = site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");

        site.Put(spec with { StopSeconds = 3 });
        site.Write();
        Assert.True((await site.Client.ApplyAsync(TestContext.Current.CancellationToken)).Done);
        Assert.Equal(before.Pid, (await site.ReadyAsync("small-1")).Pid);

        Assert.True((await site.Client.RestartAsync("small", TestContext.Current.CancellationToken)).Done);
        var after = await site.ReadyAsync("small-1");
        Assert.NotEqual(before.Pid, after.Pid);
        Assert.Equal(0, after.Restarts);
    }

    [Fact]
    public async Task What_happens_is_told_to_whoever_listens()
    {
        await using var site = new TestSite();
        site.Add("small-1");
        site.StartAgent();
        var before = await site.ReadyAsync("small-1");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        List<string> kinds = [];

        await using var events = site.Client.EventsAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        var next = events.MoveNextAsync();
        await Task.Delay(300, limit.Token);
        TestSite.Kill(before.Pid!.Value);
        while (await next && !kinds.Contains("ready"))
        {
            kinds.Add(events.Current.Kind);
            next = kinds.Contains("ready") ? ValueTask.FromResult(false) : events.MoveNextAsync();
        }

        Assert.Equal(["ended", "started", "ready"], kinds);
    }
}
