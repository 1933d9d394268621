using Provost.Rendering.Process;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;

namespace Provost.Agent.Schedules;

/// <summary>When the last backup and the last rehearsal were.</summary>
internal sealed record ScheduleNotes(DateTimeOffset? LastBackup, DateTimeOffset? LastDrill)
{
    public static ScheduleNotes Read(ScheduleSpec spec)
    {
        var ledger = new Ledger(Path.Combine(spec.StateDirectory, "ledger.jsonl"), TimeProvider.System);
        return new ScheduleNotes(BackupNotes.ReadAt(spec.StateDirectory).LastAt, ledger.Read().LastOrDefault(e => e.Verb == "drill restore")?.At);
    }
}
