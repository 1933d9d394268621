using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Drills;

/// <param name="Replica">Id of what was killed, the agent among them.</param>
/// <param name="OutageSeconds">Longest time for which no read was answered while it was gone.</param>
/// <param name="RecoverySeconds">From the kill until everything was ready again.</param>
/// <param name="FailedReads">Reads that were given up.</param>
public sealed record FailoverRound(string Replica, double OutageSeconds, double RecoverySeconds, int FailedReads);

/// <summary>What happened when each process was killed in turn.</summary>
/// <param name="LostWrites">Acknowledged writes that were gone afterwards; null when the platform did not answer any more.</param>
/// <param name="Problem">What is not as promised; null when all is.</param>
public sealed record FailoverDrillResult(
    IReadOnlyList<FailoverRound> Rounds, int AcknowledgedWrites, int? LostWrites, int FailedReads, double LongestOutageSeconds, double LongestRecoverySeconds, double RtoTargetSeconds, bool Passed,
    string? Problem);

/// <summary>
/// provost drill failover: kill -9 of every replica of every service and store in turn, and of the agent, while somebody reads
/// and writes. What is written are accounts that nobody can sign in to; they are removed in the end, or by the next drill.
/// </summary>
/// <param name="tool">This executable, which hosts the next agent.</param>
public sealed class FailoverDrill(BackupSite site, string tool, TimeProvider time, Action<string> say)
{
    private const string Verb = "drill failover";
    private const string Agent = "agent-1";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly List<FailoverRound> rounds = [];

    public async Task<FailoverDrillResult> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        using var platform = OperatorClient.For(site.State);
        var writer = new DrillWriter(platform);
        string? broken = null;
        try
        {
            var before = await ReadyAsync(cancellation);
            await DrillWriter.RemoveAsync(platform, cancellation);
            foreach (var victim in before.Replicas.Select(r => r.Id).Append(Agent))
            {
                rounds.Add(await RoundAsync(victim, platform, writer, cancellation));
                say(string.Create(CultureInfo.InvariantCulture, $"{victim}: reads waited {rounds[^1].OutageSeconds:0.00} s at most, ready again after {rounds[^1].RecoverySeconds:0.0} s"));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            broken = e.Message;
        }
        var lost = await EndAsync(platform, writer);
        var result = Judge(writer.Acknowledged, lost, broken);
        Record(result, time.GetElapsedTime(start).TotalSeconds);
        return result;
    }

    private async Task<FailoverRound> RoundAsync(string id, OperatorClient platform, DrillWriter writer, CancellationToken cancellation)
    {
        var status = await ReadyAsync(cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reads = new DrillReader(platform, time).ReadAsync(over.Token);
        var writes = writer.WriteAsync(over.Token);
        double recovery;
        try
        {
            await Task.Delay(Look, time, cancellation);
            var start = time.GetTimestamp();
            await (id == Agent ? KillAgentAsync(status, cancellation) : KillAsync(status.Replicas.Single(r => r.Id == id), cancellation));
            recovery = time.GetElapsedTime(start).TotalSeconds;
            await Task.Delay(Settle, time, cancellation);
        }
        finally
        {
            // Nobody reads or writes any more when accounts are counted and removed.
            await over.CancelAsync();
            await Task.WhenAll(reads, writes);
        }
        var (outage, failed) = await reads;
        return new FailoverRound(id, Math.Round(outage, 3), Math.Round(recovery, 3), failed);
    }

    private async Task KillAsync(ReplicaStatus victim, CancellationToken cancellation)
    {
        _ = Native.SendSignal(victim.Pid!.Value, Native.Kill);
        await UntilAsync(s => s.Replicas.Single(r => r.Id == victim.Id) is { Ready: true } again && again.Pid != victim.Pid && s.Replicas.All(r => r.Ready), cancellation);
    }

    // Services go on without it; the next one, started as `provost up` would, takes over the very same processes.
    private async Task KillAgentAsync(AgentStatus before, CancellationToken cancellation)
    {
        var agent = ProcessTable.Identify(before.Pid);
        _ = Native.SendSignal(before.Pid, Native.Kill);
        while (ProcessTable.IsAlive(agent))
        {
            await Task.Delay(Look, time, cancellation);
        }
        await AgentStarter.StartAsync(site.State, tool, time, cancellation);
        var after = await ReadyAsync(cancellation);
        if (!after.Replicas.Select(r => (r.Id, r.Pid)).Order().SequenceEqual(before.Replicas.Select(r => (r.Id, r.Pid)).Order()))
        {
            throw new OperationError(ErrorKind.Failed, "the next agent did not take over the processes of the one that was killed", "provost logs agent shows what it found");
        }
    }

    // Null when nobody answers any more: then what was written is left to the next drill.
    private static async Task<int?> EndAsync(OperatorClient platform, DrillWriter writer)
    {
        try
        {
            var lost = await writer.CountLostAsync(CancellationToken.None);
            await DrillWriter.RemoveAsync(platform, CancellationToken.None);
            return lost;
        }
        catch (Exception e) when (e is OperationError or OperationCanceledException)
        {
            return null;
        }
    }

    private Task<AgentStatus> ReadyAsync(CancellationToken cancellation) => UntilAsync(s => s.Replicas.Count > 0 && s.Replicas.All(r => r.Ready), cancellation);

    private async Task<AgentStatus> UntilAsync(Func<AgentStatus, bool> holds, CancellationToken cancellation)
    {
        using var agent = new AgentClient(site.State.AgentSocket);
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < ReadyLimit)
        {
            if (await agent.StatusAsync(cancellation) is { } status && holds(status))
            {
                return status;
            }
            await Task.Delay(Look, time, cancellation);
        }
        throw new OperationError(ErrorKind.NotReady, $"not everything was ready within {ReadyLimit.TotalSeconds:0} s", "provost status shows what is not; correct that, then rehearse again");
    }

    private FailoverDrillResult Judge(int acknowledged, int? lost, string? broken)
    {
        var (rto, failed) = (site.Settings.Rto.TotalSeconds, rounds.Sum(r => r.FailedReads));
        var (outage, recovery) = (rounds.Select(r => r.OutageSeconds).DefaultIfEmpty().Max(), rounds.Select(r => r.RecoverySeconds).DefaultIfEmpty().Max());
        var problem = broken
            ?? (lost is null ? "the platform does not answer any more"
            : lost > 0 ? $"{lost} writes that were acknowledged are gone"
            : acknowledged == 0 ? "no write was acknowledged: nothing is proved"
            : failed > 0 ? $"{failed} reads got no answer, however often they were sent"
            : Math.Max(outage, recovery) > rto ? string.Create(CultureInfo.InvariantCulture, $"it took {Math.Max(outage, recovery):0} s, the target is {rto:0} s") : null);
        return new FailoverDrillResult([.. rounds], acknowledged, lost, failed, outage, recovery, rto, problem is null, problem);
    }

    private void Record(FailoverDrillResult result, double seconds)
    {
        BackupNotes.Change(site, n => n.Rehearsed("failover", time.GetUtcNow(), result.Passed));
        Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, $"{result.Rounds.Count} processes", result.Passed ? "passed" : "failed", seconds, new JsonObject
        {
            ["acknowledgedWrites"] = result.AcknowledgedWrites,
            ["lostWrites"] = result.LostWrites,
            ["failedReads"] = result.FailedReads,
            ["longestRecoverySeconds"] = result.LongestRecoverySeconds,
            ["rtoTargetSeconds"] = result.RtoTargetSeconds,
            ["outageSeconds"] = new JsonObject([.. result.Rounds.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Replica, r.OutageSeconds))]),
            ["problem"] = result.Problem,
        }));
    }
}
