using Provost.Rendering.Process;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;

namespace Provost.Agent.Schedules;

/// <summary>When the last backup was, and the last rehearsals that passed: a failed one proves nothing.</summary>
internal sealed record ScheduleNotes(DateTimeOffset? LastBackup, DateTimeOffset? RestorePassed, DateTimeOffset? FailoverPassed)
{
    /// <summary>The schedule, unless this is a copy that was restored beside a living site: its repositories are that one's.</summary>
    public static ScheduleSpec? OfSite(ScheduleSpec? spec) => spec is null || BackupNotes.ReadAt(spec.StateDirectory).CopyOf is not null ? null : spec;

    public static ScheduleNotes Read(ScheduleSpec spec)
    {
        var entries = new Ledger(Path.Combine(spec.StateDirectory, "ledger.jsonl"), TimeProvider.System).Read();
        DateTimeOffset? passed(string verb) => entries.LastOrDefault(e => e.Verb == verb && e.Result == "passed")?.At;
        return new ScheduleNotes(BackupNotes.ReadAt(spec.StateDirectory).LastAt, passed("drill restore"), passed("drill failover"));
    }
}
