using System.Text;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Reading;

namespace Provost.Runbooks.Backups.Restoring;

/// <param name="Id">Null for the newest backup.</param>
/// <param name="Into">Folder that becomes the restored installation; null to restore the site itself.</param>
/// <param name="Replace">Whether a site that has data is stopped and set aside.</param>
public sealed record RestoreRequest(BackupSite Site, string? Id, string? Into, bool Replace)
{
    /// <summary>Whether damage elsewhere in the repository is only said: the backup itself must be whole all the same.</summary>
    public bool DespiteDamage { get; init; }
}

/// <summary>
/// provost restore. 1. Choose. 2. Refuse what must not be written over, or cannot be opened by an older release. 3. Check every byte
/// of the backup. Only then write, to a folder beside the target: 4. files, 5. stores, started, read, counted and compared with what the
/// release expects, 6. erasures made since. 7. Wait for the disk. 8. Put it into place by rename.
/// </summary>
public sealed class RestoreRunbook(RestoreRequest request, TimeProvider time, Action<string> say)
{
    private readonly RestorePhases phases = new(time);

    public async Task<RestoredBackup> RunAsync(OpenedRepositories repositories, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var chosen = await ChosenBackup.FindAsync(repositories, request, cancellation);
        var target = RestoreTarget.Of(request);
        RestoringRelease.RequireNotOlder(chosen.Manifest, RestoringRelease.Of(request.Site));
        target.RequireFree(request.Replace, chosen.Manifest.Bytes);
        var (reader, manifest) = await phases.RunAsync("check", () => CheckAsync(chosen, cancellation));
        int replayed;
        try
        {
            replayed = await StageAsync(reader, manifest, target, repositories, cancellation);
        }
        catch
        {
            ScratchRestore.Remove(target.Staging);
            throw;
        }
        var aside = await phases.RunAsync("swap", () => target.PutAsync(request.Replace, time, say, cancellation));
        var restored = new RestoredBackup(
            manifest.Id, manifest.At, target.Folder, target.State, aside, manifest.Bytes, replayed, true, Math.Round(time.GetElapsedTime(start).TotalSeconds, 3), phases.Ended);
        restored.NoteInLedger(time);
        return restored;
    }

    private async Task<(BackupReader Reader, Manifest Manifest)> CheckAsync(ChosenBackup chosen, CancellationToken cancellation)
    {
        OperationError? damaged = null;
        foreach (var copy in chosen.Copies)
        {
            try
            {
                say($"checking every byte of {chosen.Manifest.Id} at {copy.Repository.Store.Place}");
                var manifest = await copy.Repository.ReadManifestAsync(chosen.Manifest.Id, cancellation);
                await RequireWholeAsync(copy.Repository, cancellation);
                var reader = new BackupReader(copy.Repository, manifest);
                await reader.CheckAsync(cancellation);
                return (reader, manifest);
            }
            catch (OperationError e)
            {
                say(e.Message);
                damaged ??= e;
            }
        }
        throw damaged!;
    }

    private async Task RequireWholeAsync(Repository repository, CancellationToken cancellation)
    {
        try
        {
            await repository.RequireWholeAsync(cancellation);
        }
        catch (OperationError e) when (request.DespiteDamage && e.Kind is ErrorKind.Refused)
        {
            say($"{e.Message}; going on with the backup that was asked for");
        }
    }

    private async Task<int> StageAsync(BackupReader reader, Manifest manifest, RestoreTarget target, OpenedRepositories repositories, CancellationToken cancellation)
    {
        ScratchRestore.Remove(target.Staging);
        PrivateFiles.CreateDirectory(target.Staging);
        var state = target.StagedState;
        await phases.RunAsync("files", () => ExtractAsync(reader, manifest, target, repositories.Keys, cancellation));
        var work = Path.Combine(target.Staging, ".work");
        var programs = StorePrograms.Find(request.Site);
        await using var stores = new ScratchStores(programs, Path.Combine(work, "scratch"), Path.Combine(state, "secrets", "api"), time);
        await phases.RunAsync("stores", async () =>
        {
            say("starting the stores over the restored files, reading every row and counting what they hold");
            await ScratchRestore.RestoreAsync(reader, manifest, stores, new RestoreFolders(work, Path.Combine(state, "data")), manifest.Parts.Count > 0 ? new KnownParts(manifest.Parts) : null, cancellation,
                stop => RestoredSchema.RequireExpectedAsync(manifest, programs.Api, stores.ApiSettings, work, stop));
            await SuitOthersAsync(manifest, stores, cancellation);
        });
        var replayed = await phases.RunAsync("erasures", () => new Erasures(request, say, time).ReplayAsync(repositories, manifest, stores, programs, work, cancellation));
        await phases.RunAsync("stop", async () =>
        {
            await stores.StopAsync();
            ScratchRestore.Remove(work);
        });
        await phases.RunAsync("sync", () =>
        {
            // What is put into place is on the disk: a power cut afterwards takes nothing of it.
            PrivateFiles.FlushFileSystem(target.Staging);
            return Task.CompletedTask;
        });
        return replayed;
    }

    // The ledger of a backup ends before its own line; a living installation's ledger goes on.
    private async Task ExtractAsync(BackupReader reader, Manifest manifest, RestoreTarget target, RepositoryKeys keys, CancellationToken cancellation)
    {
        var state = target.StagedState;
        await reader.ExtractAsync(SiteFiles.Configuration, target.Staging, cancellation);
        await reader.ExtractAsync(SiteFiles.State, state, cancellation);
        Tighten(state);
        BackupKey.Write(new StateDirectory(state), keys);
        if (target.WholeFolder)
        {
            RunAsProcesses(target.Staging, manifest.Site);
        }
        if (target.WholeFolder && request.Site.State.Exists)
        {
            BackupNotes.Change(request.Site with { State = new StateDirectory(state) }, n => n with { CopyOf = request.Site.Folder });
        }
    }

    // The Redis of a container may be newer than that of the machine which goes on with its files.
    private async Task SuitOthersAsync(Manifest manifest, ScratchStores stores, CancellationToken cancellation)
    {
        if (request.Site.Placement is not null && manifest.Redis != RedisKind.Garnet)
        {
            await using var redis = await RedisLink.OpenAsync(stores.Redis!);
            await PlainCommands.RewriteAsync(redis, time, cancellation);
        }
    }

    // Whatever ran the site: a folder is started by the agent.
    private static void RunAsProcesses(string folder, string site)
    {
        var file = Path.Combine(folder, "provost.yaml");
        if (File.Exists(file) && File.ReadAllText(file) is var text && TargetEdit.ToProcess(text, site) is var turned && turned != text)
        {
            PrivateFiles.Write(file, Encoding.UTF8.GetBytes(turned));
        }
    }

    private static void Tighten(string state)
    {
        foreach (var folder in Directory.EnumerateDirectories(state, "*", SearchOption.AllDirectories).Append(state))
        {
            File.SetUnixFileMode(folder, PrivateFiles.DirectoryMode);
        }
    }
}
