using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Backups.Restoring;

/// <param name="SetAside">Where the state that was there before lies now; null when there was none.</param>
/// <param name="ErasuresReplayed">People who were erased after the cut, and are again.</param>
public sealed record RestoredBackup(
    string Id, DateTimeOffset At, string Folder, string StateDirectory, string? SetAside, long Bytes, int ErasuresReplayed, bool DigestsEqual, double Seconds, IReadOnlyList<RestorePhase> Phases)
{
    /// <summary>In the ledger of what was restored.</summary>
    internal void NoteInLedger(TimeProvider time) => Ledger.Of(new StateDirectory(StateDirectory), time).Append(new LedgerRecord("restore", Id, "done", Seconds, new JsonObject
    {
        ["bytes"] = Bytes,
        ["erasuresReplayed"] = ErasuresReplayed,
        ["setAside"] = SetAside,
        ["cut"] = At.ToString("O", CultureInfo.InvariantCulture),
    }));
}
