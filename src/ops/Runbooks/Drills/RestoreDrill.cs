using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Ledgers;

namespace Provost.Runbooks.Drills;

/// <param name="Backup">Id of an existing backup; null to make one first.</param>
/// <param name="Kit">The kit to rehearse with; null for one that is made for this drill and removed after it.</param>
/// <param name="Tool">This executable, which hosts the agent of the scratch copy.</param>
public sealed record RestoreDrillRequest(BackupSite Site, string? Backup, RecoveryKit? Kit, string Tool);

/// <summary>What a rehearsal of the worst day found.</summary>
/// <param name="RtoSeconds">From an empty folder to the first correct answer to somebody who signed in.</param>
/// <param name="RpoSeconds">Age of the backup; null when there was none to restore.</param>
/// <param name="LostWrites">Writes that the platform had acknowledged and that are not in the restored copy; null when the rehearsal did not come to count them.</param>
public sealed record RestoreDrillResult(
    string Backup, double RtoSeconds, IReadOnlyList<RestorePhase> Phases, double RtoTargetSeconds, double? RpoSeconds, double RpoTargetSeconds, long? LostWrites, bool DigestsEqual, bool Passed,
    string? Problem);

/// <summary>
/// provost drill restore: 1. takes a backup, or an existing one. 2. With a recovery kit and a repository alone, as after the
/// loss of everything, restores to an empty folder. 3. Starts the platform there, signs in, asks. 4. Removes all of it.
/// </summary>
public sealed class RestoreDrill(RestoreDrillRequest request, TimeProvider time, Action<string> say)
{
    private const string Verb = "drill restore";

    private string? backup = request.Backup;

    public async Task<RestoreDrillResult> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        using var folder = await DrillFolder.TakeAsync(request.Site, time, say, cancellation);
        RestoreDrillResult result;
        try
        {
            result = await RehearseAsync(folder.Path, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever went wrong would have gone wrong on the worst day too: it is the result.
            result = Failed(e, time.GetElapsedTime(start).TotalSeconds);
        }
        Record(result, time.GetElapsedTime(start).TotalSeconds);
        return result;
    }

    private async Task<RestoreDrillResult> RehearseAsync(string folder, CancellationToken cancellation)
    {
        var promised = await AcknowledgedWrites.CountAsync(RunningStores.Of(request.Site), cancellation);
        if (backup is not null)
        {
            return await RehearseAsync(backup, folder, promised, [], cancellation);
        }
        backup = (await new BackupRunbook(request.Site, time, say).CreateAsync(null, cancellation)).Id;
        // What nobody changed meanwhile the copy must answer with exactly.
        var after = await AcknowledgedWrites.CountAsync(RunningStores.Of(request.Site), cancellation);
        return await RehearseAsync(backup, folder, promised, promised.Where(c => after.GetValueOrDefault(c.Key) == c.Value).ToDictionary(), cancellation);
    }

    private async Task<RestoreDrillResult> RehearseAsync(string id, string folder, IReadOnlyDictionary<string, CourseMark> promised, Dictionary<string, CourseMark> still, CancellationToken cancellation)
    {
        await using var kit = await DrillKit.MakeAsync(request, folder, time, cancellation);
        // From here on only what would be left: the kit, and the repositories.
        var empty = request.Site with { State = new Targets.Process.StateDirectory(Path.Combine(folder, "nothing-is-left")), File = null, Releases = request.Site.State };
        var start = time.GetTimestamp();
        using var repositories = await OpenedRepositories.OpenAsync(empty, request.Site.Places(), kit.Kit, cancellation);
        var opened = time.GetElapsedTime(start).TotalSeconds;
        var copy = Path.Combine(folder, ScratchSite.Restored);
        var restored = await new RestoreRunbook(new RestoreRequest(empty, id, copy, false), time, say).RunAsync(repositories, cancellation);
        await using var scratch = await ScratchSite.StartAsync(request, restored, time, cancellation);
        var started = time.GetElapsedTime(start).TotalSeconds;
        var manifest = await repositories.Opened.First(p => p.Repository.Catalog.Backups.Any(b => b.Id == restored.Id)).Repository.ReadManifestAsync(restored.Id, cancellation);
        var found = await AcknowledgedWrites.CountAsync(scratch.Stores(), cancellation);
        await scratch.AnswerAsync(manifest.Accounts, found.ToDictionary(c => c.Key, c => still.GetValueOrDefault(c.Key) ?? c.Value), cancellation);
        var rto = time.GetElapsedTime(start).TotalSeconds;
        List<RestorePhase> phases =
        [
            new("open", Rounded(opened)), .. restored.Phases, new("start", Rounded(started - opened - restored.Seconds)), new("answer", Rounded(rto - started)),
        ];
        var lost = promised.Sum(course => Math.Max(0, course.Value.Writes - (found.GetValueOrDefault(course.Key)?.Writes ?? 0)));
        return Judge(restored, rto, phases, lost);
    }

    private RestoreDrillResult Judge(RestoredBackup restored, double rto, IReadOnlyList<RestorePhase> phases, long lost)
    {
        var settings = request.Site.Settings;
        var age = (time.GetUtcNow() - restored.At).TotalSeconds;
        var problem = rto > settings.Rto.TotalSeconds ? string.Create(CultureInfo.InvariantCulture, $"the recovery took {rto:0} s, the target is {settings.Rto.TotalSeconds:0} s")
            : age > settings.Rpo.TotalSeconds ? string.Create(CultureInfo.InvariantCulture, $"the backup is {age / 3600:0.0} h old, the target is {settings.Rpo.TotalHours:0.0} h")
            : request.Backup is null && lost > 0 ? $"{lost} writes that were acknowledged before the backup are not in it" : null;
        return new RestoreDrillResult(
            restored.Id, Rounded(rto), phases, settings.Rto.TotalSeconds, Rounded(age), settings.Rpo.TotalSeconds, lost, restored.DigestsEqual, problem is null && restored.DigestsEqual, problem);
    }

    private RestoreDrillResult Failed(Exception error, double seconds)
    {
        var settings = request.Site.Settings;
        double? age = backup is null ? null : Rounded((time.GetUtcNow() - BackupRunbook.IdTime(backup)).TotalSeconds);
        return new RestoreDrillResult(backup ?? "", Rounded(seconds), [], settings.Rto.TotalSeconds, age, settings.Rpo.TotalSeconds, null, false, false, error.Message);
    }

    private void Record(RestoreDrillResult result, double seconds)
    {
        BackupNotes.Change(request.Site, n => n.Rehearsed("restore", time.GetUtcNow(), result.Passed));
        Ledger.Of(request.Site.State, time).Append(new LedgerRecord(Verb, result.Backup, result.Passed ? "passed" : "failed", seconds, new JsonObject
        {
            ["rtoSeconds"] = result.RtoSeconds,
            ["rtoTargetSeconds"] = result.RtoTargetSeconds,
            ["rpoSeconds"] = result.RpoSeconds,
            ["rpoTargetSeconds"] = result.RpoTargetSeconds,
            ["lostWrites"] = result.LostWrites,
            ["digestsEqual"] = result.DigestsEqual,
            ["phases"] = new JsonObject([.. result.Phases.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, p.Seconds))]),
            ["problem"] = result.Problem,
        }));
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 3);
}
