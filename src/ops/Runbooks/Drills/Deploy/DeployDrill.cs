using System.Globalization;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Drills.Deploy;

/// <param name="Rolls">One deployment for each of these, the last of them back to the first; the others of the drill are spread among them.</param>
/// <param name="Rounds">Rolls. Every fourth is followed by a rollback, a new gateway and a killed agent.</param>
/// <param name="Door">The public door, through which the clients come as users do.</param>
public sealed record DeployDrillRequest(IReadOnlyList<DeployRequest> Rolls, OperatorDoor Door, int Rounds, int Clients, double RequestsPerSecond, int Sessions);

/// <summary>Proves on the installation itself that deployments are not noticed: clients work while everything is replaced.</summary>
public sealed class DeployDrill(DeployDrillRequest request, IProgress<StepProgress> progress, TimeProvider time)
{
    private const double LongestGapAllowedMs = 500;
    private const int OthersEvery = 4;
    private const int Streams = 3;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);

    private readonly Tally tally = new();
    private readonly StateDirectory state = request.Rolls[0].State;
    private int rolls;
    private int rollbacks;
    private int swaps;
    private int agents;
    private string live = request.Rolls[0].Release;

    // Containers are kept alive by their engine.
    private bool HasAgent => request.Rolls[0].Installation.Sites[request.Rolls[0].Site].Target is Target.Process;

    public async Task<DrillFigures> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await using var client = await DrillClient.SignInAsync(request.Door, cancellation);
        var load = new HttpLoad(client, tally, time);
        var sessions = Enumerable.Range(0, request.Sessions).Select(_ => new LiveSession(client, tally, time)).ToList();
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var live = sessions.Select(s => s.RunAsync(listening.Token)).ToList();
        await Task.WhenAll(sessions.Select(s => s.Started.Task)).WaitAsync(Delivery, time, cancellation);
        var first = sessions.Max(s => s.Last);
        var work = Task.WhenAll(
            load.RunAsync(request.Clients, request.RequestsPerSecond, working.Token), new StreamLoad(client, tally).RunAsync(Streams, working.Token));
        try
        {
            await ReplaceEverythingAsync(cancellation);
        }
        finally
        {
            await working.CancelAsync();
            await work;
        }
        var last = await DeliveredAsync(sessions, first + load.Changes, cancellation);
        await listening.CancelAsync();
        await Task.WhenAll(live);
        sessions.ForEach(s => s.Dispose());
        return Judge(sessions, first, last, load.Changes, time.GetElapsedTime(start).TotalSeconds);
    }

    private async Task ReplaceEverythingAsync(CancellationToken cancellation)
    {
        await Task.Delay(Calm, time, cancellation);
        for (var round = 1; round <= request.Rounds; round++)
        {
            await DeployAsync(request.Rolls[round % request.Rolls.Count], "roll", cancellation);
            rolls++;
            if (round % OthersEvery == 0 || round == request.Rounds)
            {
                await DeployAsync(request.Rolls[(round + request.Rolls.Count - 1) % request.Rolls.Count], "rollback", cancellation);
                rollbacks++;
                await DeployAsync(request.Rolls[(round + request.Rolls.Count - 1) % request.Rolls.Count] with { Only = [Topology.Environments.Replicas.Gateway] }, "gateways", cancellation);
                swaps++;
                if (HasAgent)
                {
                    await KillAgentAsync(cancellation);
                    agents++;
                }
            }
        }
        if (live != request.Rolls[0].Release)
        {
            await DeployAsync(request.Rolls[0], "back to where it began", cancellation);
            rolls++;
        }
        await Task.Delay(Calm, time, cancellation);
    }

    private async Task DeployAsync(DeployRequest deploy, string what, CancellationToken cancellation)
    {
        Say($"{what}: {deploy.Release}");
        var report = await new Deployment(deploy, new Silent(), time).RunAsync(cancellation);
        Say(string.Create(CultureInfo.InvariantCulture, $"  {report.DurationSeconds:0.0} s, {report.Requests} requests, {report.Failed} failed, longest gap {report.LongestGapMs:0} ms, {report.SessionsMoved} sessions moved"));
        if (report.RolledBack)
        {
            throw new OperationError(ErrorKind.Failed, $"the drill ends: {what} to {report.Release} failed: {report.Reason}", report.Remedy!, report.Details);
        }
        live = report.Release;
    }

    private async Task KillAgentAsync(CancellationToken cancellation)
    {
        Say("kill the agent and start another");
        using var agent = new AgentClient(state.AgentSocket);
        if (await agent.StatusAsync(cancellation) is { } status)
        {
            _ = Native.SendSignal(status.Pid, Native.Kill);
            while (ProcessTable.Identify(status.Pid) is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
            }
        }
        await AgentStarter.StartAsync(state, request.Rolls[0].Tool, time, cancellation);
        await new Readiness(state, time).WaitAsync(TimeSpan.FromSeconds(60), _ => { }, cancellation);
    }

    // Until everybody has the last message; a new connection tells how far the course has counted.
    private async Task<long> DeliveredAsync(List<LiveSession> sessions, long expected, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Delivery && sessions.Exists(s => s.Last < expected))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }
        return Math.Max(expected, sessions.Max(s => s.Last));
    }

    private DrillFigures Judge(List<LiveSession> sessions, long first, long last, long changes, double seconds)
    {
        var done = sessions.Max(s => s.Last) - first;
        var (undone, repeated) = (Math.Max(0, changes - done), Math.Max(0, done - changes - tally.Lost));
        var missedMessages = sessions.Sum(s => Range(first + 1, last).Except(s.Received).LongCount());
        var repeatedMessages = sessions.Sum(s => (long)s.Received.Count - s.Received.Distinct().Count());
        var problems = tally.Problems.ToList();
        void Require(bool held, string what)
        {
            if (!held)
            {
                problems.Add(what);
            }
        }
        Require(tally.LongestGapMs <= LongestGapAllowedMs, string.Create(CultureInfo.InvariantCulture, $"a client waited {tally.LongestGapMs:0} ms for an answer"));
        Require(undone == 0, $"{undone} acknowledged changes were not done");
        Require(repeated == 0, $"{repeated} changes were done twice");
        Require(missedMessages == 0, $"{missedMessages} live messages were missed");
        Require(repeatedMessages == 0, $"{repeatedMessages} live messages came twice");
        return new DrillFigures(
            rolls, rollbacks, swaps, agents, Math.Round(seconds, 1), tally.Sent, tally.Streams, tally.Failed, tally.Lost + undone, repeated, Math.Round(tally.LongestGapMs, 1), sessions.Count,
            tally.Moved, tally.Cut, (last - first) * sessions.Count, missedMessages, repeatedMessages, tally.AssetErrors, problems.Count == 0, problems);
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var i = from; i <= to; i++)
        {
            yield return i;
        }
    }

    private void Say(string line) => progress.Report(new StepProgress(1, 1, new Step.Stage("Replace everything under load"), line, null));

    private sealed class Silent : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }
}
