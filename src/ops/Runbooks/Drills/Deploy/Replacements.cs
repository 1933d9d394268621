using System.Globalization;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Drills.Deploy;

/// <summary>Everything that a drill replaces, one after the other; in the end, whatever happens, what was live at the begin.</summary>
internal sealed class Replacements(DeployDrillRequest request, Tally tally, IProgress<StepProgress> progress, TimeProvider time)
{
    private const int OthersEvery = 4;
    // Of a machine that sends so little that the requests which are wanted never come together.
    private const int MostRoundsMore = 200;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly DeployRequest home = request.Rolls[0];
    private readonly StateDirectory state = request.Rolls[0].State;

    public int Rolls { get; private set; }

    public int Rollbacks { get; private set; }

    public int Swaps { get; private set; }

    public int Agents { get; private set; }

    // By the files on the disk: a deployment that broke off at its very end serves all the same.
    private string Live => (HasAgent ? state.ReadSiteSpec()?.Release : new ComposeFiles(ComposeProject.Of(home.Installation, home.Site, state)).Running?.Release) ?? home.Release;

    // Containers are kept alive by their engine.
    private bool HasAgent => home.Installation.Sites[home.Site].Target is Target.Process;

    /// <returns>Why it was broken off, and where the site is now; null when everything was replaced.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Calm, time, cancellation);
            for (var round = 1; IsWanted(round); round++)
            {
                await RoundAsync(round, cancellation);
            }
            await HomeAsync(cancellation);
            await Task.Delay(Calm, time, cancellation);
            return null;
        }
        catch (Exception e) when (e is OperationError or OperationCanceledException or HttpRequestException or IOException)
        {
            return await BreakOffAsync(e);
        }
    }

    private bool IsWanted(int round) => round <= request.Load.Rounds || (tally.Sent < request.Load.Requests && round <= request.Load.Rounds + MostRoundsMore);

    private async Task RoundAsync(int round, CancellationToken cancellation)
    {
        var there = request.Rolls[round % request.Rolls.Count];
        await DeployAsync(there, "roll", cancellation);
        Rolls++;
        if (round % OthersEvery != 0 && round != request.Load.Rounds)
        {
            return;
        }
        var back = request.Rolls[(round + request.Rolls.Count - 1) % request.Rolls.Count];
        await DeployAsync(back, "rollback", cancellation);
        Rollbacks++;
        await DeployAsync(back with { Only = [Replicas.Gateway] }, "gateways", cancellation);
        Swaps++;
        if (HasAgent)
        {
            await KillAgentAsync(cancellation);
            Agents++;
        }
    }

    private async Task HomeAsync(CancellationToken cancellation)
    {
        if (Live != home.Release)
        {
            await DeployAsync(home, "back to where it began", cancellation);
            Rolls++;
        }
    }

    // The deployment that failed has returned to what was live before it, which need not be what was live at the begin.
    private async Task<string> BreakOffAsync(Exception cause)
    {
        var what = cause is OperationCanceledException ? "the drill was interrupted" : $"the drill was broken off: {cause.Message}";
        Say(what);
        foreach (var line in (cause as OperationError)?.Details ?? [])
        {
            Say($"  {line}");
        }
        try
        {
            await HomeAsync(CancellationToken.None);
            return $"{what}; {home.Release} serves";
        }
        catch (Exception e) when (e is OperationError or HttpRequestException or IOException)
        {
            return $"{what}; {Live} serves, and {home.Release} could not be brought back: {e.Message}: provost deploy {home.Release}";
        }
    }

    private async Task DeployAsync(DeployRequest deploy, string what, CancellationToken cancellation)
    {
        Say($"{what}: {deploy.Release}");
        tally.Answers.Replacing($"{what} ({deploy.Release})");
        var report = await new Deployment(deploy, new Silent(), time).RunAsync(cancellation);
        Say(string.Create(CultureInfo.InvariantCulture, $"  {report.DurationSeconds:0.0} s, {report.Requests} requests, {report.Failed} failed, longest gap {report.LongestGapMs:0} ms, {report.SessionsMoved} sessions moved"));
        if (report.Reason is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new OperationError(ErrorKind.Failed, $"{what} to {deploy.Release} failed: {report.Reason}", report.Remedy!, report.Details);
        }
    }

    private async Task KillAgentAsync(CancellationToken cancellation)
    {
        Say("kill the agent and start another");
        tally.Answers.Replacing("kill of the agent");
        using var agent = new AgentClient(state.AgentSocket);
        if (await agent.StatusAsync(cancellation) is { } status)
        {
            _ = Native.SendSignal(status.Pid, Native.Kill);
            while (ProcessTable.Identify(status.Pid) is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
            }
        }
        // Not to be interrupted: nobody else would start another.
        await AgentStarter.StartAsync(state, home.Tool, time, CancellationToken.None);
        await new Readiness(state, time).WaitAsync(TimeSpan.FromSeconds(60), _ => { }, cancellation);
    }

    private void Say(string line) => progress.Report(new StepProgress(1, 1, new Step.Stage("Replace everything under load"), line, null));

    private sealed class Silent : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }
}
