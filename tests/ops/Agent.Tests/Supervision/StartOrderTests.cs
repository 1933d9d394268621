using System.Globalization;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Tests.Supervision;

/// <summary>Who serves goes first while others of the same service start, where this process may take that back (as root may).</summary>
public sealed class StartOrderTests
{
    private const int Nicer = 5;

    [Fact]
    public async Task A_replica_that_starts_beside_one_that_serves_lets_it_go_first()
    {
        await using var site = new TestSite();
        site.Add("edge-1");
        site.Add("edge-2", arguments: ["600"], program: "/bin/sleep");
        site.StartAgent();
        await site.ReadyAsync("edge-1");
        var early = await site.UntilAsync("edge-2", r => r.Pid is not null, "started");

        TestSite.Kill(early.Pid!.Value);
        var late = await site.UntilAsync("edge-2", r => r.Pid is { } pid && pid != early.Pid, "started again");

        Assert.Equal(Niceness.Present + (Niceness.IsReversible() ? Nicer : 0), Niceness.Of(late.Pid!.Value));
    }

    [Fact]
    public async Task When_it_is_ready_it_goes_with_the_others_with_all_of_its_threads()
    {
        await using var site = new TestSite();
        site.Add("edge-1", "public");
        site.Add("edge-2", "public");
        site.StartAgent();
        await site.ReadyAsync("edge-1");
        var early = await site.ReadyAsync("edge-2");

        TestSite.Kill(early.Pid!.Value);
        var late = await site.UntilAsync("edge-2", r => r.Ready && r.Pid != early.Pid, "ready again");

        // It is told right after it is known to be ready.
        for (var patience = 0; Threads(late.Pid!.Value).Any(nice => nice != Niceness.Present); await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(++patience < 500, string.Join(' ', Threads(late.Pid!.Value)));
    }

    private static int[] Threads(int pid) =>
        [.. Directory.GetDirectories($"/proc/{pid}/task").Select(thread => Niceness.Of(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)))];
}
