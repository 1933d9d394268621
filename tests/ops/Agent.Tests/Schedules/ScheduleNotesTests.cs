using Provost.Agent.Schedules;
using Provost.Rendering.Process;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Agent.Tests.Schedules;

public sealed class ScheduleNotesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-notes-").FullName;

    private StateDirectory State => new(Path.Combine(folder, ".provost"));

    private ScheduleSpec Spec => new(State.Root, folder, null, "local", true, "02:30", 3600, 3600);

    [Fact]
    public void A_rehearsal_that_failed_does_not_count_as_done()
    {
        State.Create();
        var ledger = Ledger.Of(State, TimeProvider.System);
        ledger.Append(new LedgerRecord("drill restore", "one", "passed", 1, null));
        ledger.Append(new LedgerRecord("drill restore", "two", "failed", 1, null));
        ledger.Append(new LedgerRecord("drill failover", "one", "failed", 1, null));

        var notes = ScheduleNotes.Read(Spec);

        Assert.Equal(ledger.Read()[0].At, notes.RestorePassed);
        Assert.Null(notes.FailoverPassed);
        Assert.Null(notes.LastBackup);
    }

    [Fact]
    public void A_copy_beside_a_living_site_has_no_schedule()
    {
        State.Create();
        Assert.Equal(Spec, ScheduleNotes.OfSite(Spec));

        BackupNotes.Change(new BackupSite(new Installation(), "local", State, folder, null, null), n => n with { CopyOf = "/srv/provost" });

        Assert.Null(ScheduleNotes.OfSite(Spec));
        Assert.Null(ScheduleNotes.OfSite(null));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
