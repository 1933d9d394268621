using System.Globalization;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Compose;

namespace Provost.Agent.Schedules;

/// <summary>
/// Every night: backup, verify with a scratch restore, prune; and after it, when it is time, the rehearsals. Run by the tool
/// itself, as a person would. What failed is tried again each hour; a night that was missed (the machine was off) is made up for.
/// </summary>
/// <param name="run">Runs a verb; whether it succeeded.</param>
/// <param name="report">What happened: its kind, and in words.</param>
internal sealed class BackupSchedule(
    Func<ScheduleSpec?> schedule, Func<ScheduleSpec, ScheduleNotes> notes, Func<ScheduleSpec, string[], CancellationToken, Task<bool>> run, Action<string, string> report, TimeProvider time)
{
    internal static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan MakeUpAfter = TimeSpan.FromMinutes(15);
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);
    internal const int MostTries = 8;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestNight = TimeSpan.FromHours(12);

    internal static readonly string[] Create = ["backup", "create"];
    internal static readonly string[] Verify = ["backup", "verify", "--restore"];
    internal static readonly string[] Prune = ["backup", "prune", "--yes"];
    internal static readonly string[] Restore = ["drill", "restore"];
    internal static readonly string[] Failover = ["drill", "failover"];

    public static BackupSchedule Of(Func<ScheduleSpec?> schedule, Action<string, string> report, TimeProvider time, Heartbeat? heartbeat = null) =>
        new(schedule, ScheduleNotes.Read, (spec, verb, cancellation) => ScheduledVerb.RunAsync(spec, verb, report, cancellation), report, time) { Heartbeat = heartbeat };

    /// <summary>Where it says that it is alive; null where nobody asks.</summary>
    public Heartbeat? Heartbeat { get; init; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var (started, work) = (time.GetUtcNow(), NightWork.None);
        while (true)
        {
            Beat(Look + Late);
            await Task.Delay(Look, time, cancellation);
            try
            {
                if (schedule() is { Enabled: true } spec && IsDue(spec, notes(spec).LastBackup, work, started, time.GetUtcNow()))
                {
                    Beat(LongestNight);
                    work = await RunAsync(spec, work, cancellation);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The agent keeps the services alive, whatever becomes of a backup; doctor says that none was made.
                report("scheduleFailed", e.Message);
            }
        }
    }

    private void Beat(TimeSpan within)
    {
        try
        {
            Heartbeat?.Expect(within);
        }
        catch (IOException e)
        {
            // Backups go on; whoever asks hears that nothing was heard.
            report("heartbeatFailed", e.Message);
        }
    }

    /// <summary>Whether a night has begun whose work was neither done nor tried, or whose last try failed an hour ago.</summary>
    /// <param name="started">When this agent began to look.</param>
    internal static bool IsDue(ScheduleSpec spec, DateTimeOffset? lastBackup, NightWork work, DateTimeOffset started, DateTimeOffset now)
    {
        var night = NightOf(spec, now);
        if (work.Night == night)
        {
            return work.Failures is > 0 and < MostTries && now - work.TriedAt >= RetryAfter;
        }
        if (lastBackup >= night)
        {
            return false;
        }
        // Missed while nobody ran: made up for, once everything is calm. A new installation waits for its first night.
        return started < night || (lastBackup is not null && now - started > MakeUpAfter);
    }

    private static DateTimeOffset NightOf(ScheduleSpec spec, DateTimeOffset now)
    {
        var at = TimeOnly.ParseExact(spec.Daily, "HH:mm", CultureInfo.InvariantCulture);
        var today = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime).ToDateTime(at), TimeSpan.Zero);
        return now >= today ? today : today.AddDays(-1);
    }

    private async Task<NightWork> RunAsync(ScheduleSpec spec, NightWork before, CancellationToken cancellation)
    {
        var night = NightOf(spec, time.GetUtcNow());
        var work = before.Night == night ? before : NightWork.None with { Night = night };
        var created = work.Created || await TryAsync(spec, Create, cancellation);
        // Also after a backup that one destination did not get: the others are to be trusted.
        var verified = work.Verified || ((created || work.Failures == 0) && await TryAsync(spec, Verify, cancellation));
        var done = created && verified && await TryAsync(spec, Prune, cancellation);
        if (done)
        {
            await RehearseAsync(spec, cancellation);
        }
        return work with { Created = created, Verified = created && verified, Failures = done ? 0 : work.Failures + 1, TriedAt = time.GetUtcNow() };
    }

    // One that failed proves nothing: it is rehearsed again the next night.
    private async Task RehearseAsync(ScheduleSpec spec, CancellationToken cancellation)
    {
        var passed = notes(spec);
        if (IsOver(passed.RestorePassed, spec.DrillSeconds))
        {
            await TryAsync(spec, Restore, cancellation);
        }
        if (spec.FailoverSeconds is { } seconds && IsOver(passed.FailoverPassed, seconds))
        {
            await TryAsync(spec, Failover, cancellation);
        }
    }

    private bool IsOver(DateTimeOffset? passed, double seconds) => time.GetUtcNow() - (passed ?? DateTimeOffset.MinValue) >= TimeSpan.FromSeconds(seconds);

    private async Task<bool> TryAsync(ScheduleSpec spec, string[] verb, CancellationToken cancellation)
    {
        try
        {
            return await run(spec, verb, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            report("scheduleFailed", $"provost {string.Join(' ', verb)}: {e.Message}");
            return false;
        }
    }
}
