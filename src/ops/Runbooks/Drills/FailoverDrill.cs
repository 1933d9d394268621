using System.Text.Json.Nodes;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Drills;

/// <param name="OutageSeconds">Longest time for which no read was answered while it was gone.</param>
/// <param name="RecoverySeconds">From the kill until everything was ready again.</param>
public sealed record FailoverRound(string Replica, double OutageSeconds, double RecoverySeconds, int FailedReads);

/// <summary>What happened when each replica was killed in turn.</summary>
/// <param name="LostWrites">Acknowledged writes that were gone afterwards.</param>
public sealed record FailoverDrillResult(IReadOnlyList<FailoverRound> Rounds, int AcknowledgedWrites, int LostWrites, double LongestRecoverySeconds, double RtoTargetSeconds, bool Passed);

/// <summary>
/// provost drill failover: kill -9 of every replica of every service and store in turn, while somebody reads and writes. What
/// is written are accounts without a password, which are removed in the end.
/// </summary>
public sealed class FailoverDrill(BackupSite site, TimeProvider time, Action<string> say)
{
    private const string Verb = "drill failover";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public async Task<FailoverDrillResult> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var before = await ReadyAsync(cancellation);
        using var platform = OperatorClient.For(site.State);
        List<FailoverRound> rounds = [];
        var writer = new DrillWriter(platform);
        try
        {
            foreach (var replica in before.Replicas)
            {
                rounds.Add(await RoundAsync(replica.Id, platform, writer, cancellation));
                say($"{rounds[^1].Replica}: reads waited {rounds[^1].OutageSeconds:0.00} s at most, ready again after {rounds[^1].RecoverySeconds:0.0} s");
            }
        }
        finally
        {
            await writer.CountLostAsync(CancellationToken.None);
        }
        var longest = rounds.Max(r => r.RecoverySeconds);
        var result = new FailoverDrillResult(
            rounds, writer.Acknowledged, writer.Lost, longest, site.Settings.Rto.TotalSeconds,
            writer.Lost == 0 && longest <= site.Settings.Rto.TotalSeconds && writer.Acknowledged > 0);
        Record(result, time.GetElapsedTime(start).TotalSeconds);
        return result;
    }

    private async Task<FailoverRound> RoundAsync(string id, OperatorClient platform, DrillWriter writer, CancellationToken cancellation)
    {
        var status = await ReadyAsync(cancellation);
        var victim = status.Replicas.Single(r => r.Id == id);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reads = new DrillReader(platform, time).ReadAsync(over.Token);
        var writes = writer.WriteAsync(over.Token);
        await Task.Delay(Look, time, cancellation);
        var start = time.GetTimestamp();
        _ = Native.SendSignal(victim.Pid!.Value, Native.Kill);
        await UntilAsync(s => s.Replicas.Single(r => r.Id == id) is { Ready: true } again && again.Pid != victim.Pid && s.Replicas.All(r => r.Ready), cancellation);
        var recovery = time.GetElapsedTime(start).TotalSeconds;
        await Task.Delay(Settle, time, cancellation);
        await over.CancelAsync();
        var (outage, failed) = await reads;
        await writes;
        return new FailoverRound(id, Math.Round(outage, 3), Math.Round(recovery, 3), failed);
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

    private void Record(FailoverDrillResult result, double seconds) =>
        Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, $"{result.Rounds.Count} replicas", result.Passed ? "passed" : "failed", seconds, new JsonObject
        {
            ["acknowledgedWrites"] = result.AcknowledgedWrites,
            ["lostWrites"] = result.LostWrites,
            ["longestRecoverySeconds"] = result.LongestRecoverySeconds,
            ["rtoTargetSeconds"] = result.RtoTargetSeconds,
            ["outageSeconds"] = new JsonObject([.. result.Rounds.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Replica, r.OutageSeconds))]),
        }));
}

/// <summary>Somebody who reads all the time.</summary>
internal sealed class DrillReader(OperatorClient platform, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <returns>The longest time without an answer, and how many reads got none.</returns>
    public async Task<(double LongestSeconds, int Failed)> ReadAsync(CancellationToken cancellation)
    {
        var (longest, failed) = (0.0, 0);
        while (!cancellation.IsCancellationRequested)
        {
            var start = time.GetTimestamp();
            try
            {
                await platform.AccountsAsync(CancellationToken.None);
            }
            catch (OperationError)
            {
                failed++;
            }
            longest = Math.Max(longest, time.GetElapsedTime(start).TotalSeconds);
            await Task.Delay(Pause, time, CancellationToken.None);
        }
        return (longest, failed);
    }
}

/// <summary>Somebody who writes all the time and remembers what was acknowledged.</summary>
internal sealed class DrillWriter(OperatorClient platform)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly string prefix = $"drill-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly HashSet<string> acknowledged = [];
    private int number;

    public int Acknowledged => acknowledged.Count;

    public int Lost { get; private set; }

    public async Task WriteAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var user = $"{prefix}-{number++}";
            try
            {
                await platform.AddAccountAsync(new AccountRequest(user, "Admin", null, null, null), CancellationToken.None);
                acknowledged.Add(user);
            }
            catch (OperationError)
            {
                // Not acknowledged: nothing was promised.
            }
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Compares what is there with what was acknowledged, and removes all of it.</summary>
    public async Task CountLostAsync(CancellationToken cancellation)
    {
        var there = (await platform.AccountsAsync(cancellation)).Select(a => a.User).Where(u => u.StartsWith(prefix, StringComparison.Ordinal)).ToHashSet();
        Lost = acknowledged.Count(u => !there.Contains(u));
        foreach (var user in there)
        {
            await platform.RemoveAccountAsync(user, cancellation);
        }
    }
}
