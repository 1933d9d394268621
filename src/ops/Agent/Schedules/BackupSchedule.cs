using System.Globalization;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Compose;

namespace Provost.Agent.Schedules;

/// <summary>
/// Every night: backup, verify with a scratch restore, prune; and after it, when it is time, a rehearsed recovery. Run by the
/// tool itself, as a person would. A night that was missed (the machine was off) is made up for.
/// </summary>
/// <param name="report">What happened: its kind, and in words.</param>
internal sealed class BackupSchedule(Func<ScheduleSpec?> schedule, Action<string, string> report, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestNight = TimeSpan.FromHours(12);
    private static readonly TimeSpan MakeUpAfter = TimeSpan.FromMinutes(15);
    private static readonly string[][] Nightly = [["backup", "create"], ["backup", "verify", "--restore"], ["backup", "prune", "--yes"]];

    /// <summary>Where it says that it is alive; null where nobody asks.</summary>
    public Heartbeat? Heartbeat { get; init; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var attempted = started;
        while (true)
        {
            Beat(Look + Late);
            await Task.Delay(Look, time, cancellation);
            try
            {
                if (schedule() is { Enabled: true } spec && IsDue(spec, ScheduleNotes.Read(spec), attempted, started, time.GetUtcNow()))
                {
                    attempted = time.GetUtcNow();
                    Beat(LongestNight);
                    await RunAsync(spec, cancellation);
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

    /// <summary>Whether a night has begun whose backup was neither made nor tried.</summary>
    internal static bool IsDue(ScheduleSpec spec, ScheduleNotes notes, DateTimeOffset attempted, DateTimeOffset started, DateTimeOffset now)
    {
        var at = TimeOnly.ParseExact(spec.Daily, "HH:mm", CultureInfo.InvariantCulture);
        var today = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime).ToDateTime(at), TimeSpan.Zero);
        var night = now >= today ? today : today.AddDays(-1);
        var last = notes.LastBackup ?? DateTimeOffset.MinValue;
        return last < night && attempted < night
            // Missed while nobody ran: made up for, once everything is calm. A new installation waits for its first night.
            || notes.LastBackup is { } made && made < night && attempted == started && now - started > MakeUpAfter;
    }

    private async Task RunAsync(ScheduleSpec spec, CancellationToken cancellation)
    {
        var done = true;
        foreach (var verb in Nightly)
        {
            done = done && await ScheduledVerb.RunAsync(spec, verb, report, cancellation);
        }
        if (done && time.GetUtcNow() - (ScheduleNotes.Read(spec).LastDrill ?? DateTimeOffset.MinValue) >= TimeSpan.FromSeconds(spec.DrillSeconds))
        {
            await ScheduledVerb.RunAsync(spec, ["drill", "restore"], report, cancellation);
        }
    }
}
