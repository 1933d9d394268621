using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>Brings the stores of a backup up, counts what they hold, and compares it with what the cut held.</summary>
internal static class ScratchRestore
{
    // The files of the cut, and the stores that are made of them.
    private const int SpaceFactor = 2;

    /// <summary>Restores to a folder that is removed again.</summary>
    public static async Task ProveAsync(BackupReader reader, Manifest manifest, BackupSite site, string folder, TimeProvider time, CancellationToken cancellation)
    {
        Remove(folder);
        try
        {
            FreeSpace.Require(site.WorkDirectory, manifest.Bytes * SpaceFactor, "restore a backup to scratch stores", "free space there; the backup itself is whole");
            await reader.CheckAsync(cancellation);
            var programs = StorePrograms.Find(site);
            await using var stores = new ScratchStores(programs, Path.Combine(folder, "scratch"), null, time);
            await RestoreAsync(reader, manifest, stores, new RestoreFolders(folder, Path.Combine(folder, "data")), null, cancellation);
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>Fills the data directories; when this returns, the stores hold what they held at the cut, and still run.</summary>
    /// <param name="known">Parts that are read and recognised instead of counted; null to count every row.</param>
    /// <param name="examine">What else is looked at while the facts are counted; null for nothing.</param>
    public static async Task RestoreAsync(
        BackupReader reader, Manifest manifest, ScratchStores stores, RestoreFolders folders, KnownParts? known, CancellationToken cancellation, Func<CancellationToken, Task>? examine = null)
    {
        PrivateFiles.CreateDirectory(folders.Work);
        PrivateFiles.CreateDirectory(folders.Data);
        PrivateFiles.CreateDirectory(folders.Backups);
        await reader.ExtractAsync(SiteFiles.Redis, folders.Cut, cancellation);
        StoreFiles.Arrange(manifest.Redis, folders.Cut, folders.Redis);
        // Its address is known from here on: who examines the facts asks it too.
        var state = RestoreStateAsync(manifest, stores, folders, cancellation);
        var facts = RestoreFactsAsync(reader, manifest, stores, folders, known, examine, cancellation);
        // Both have ended, whichever fails: neither starts a store that nobody stops.
        await Task.WhenAll(facts, state);
        var found = new StoreDigests(await facts, await state);
        var differences = manifest.Digests.Differences(found);
        if (differences.Count > 0)
        {
            throw new OperationError(
                ErrorKind.Failed, $"the restored stores do not hold what they held at the cut of {manifest.Id}", "nothing was put into place; try another backup: provost backup list", differences);
        }
    }

    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<TypeDigest>> RestoreStateAsync(Manifest manifest, ScratchStores stores, RestoreFolders folders, CancellationToken cancellation)
    {
        await using var redis = await stores.StartRedisAsync(manifest.Redis, folders.Redis, cancellation);
        return await StateDigest.ReadAsync(redis, cancellation);
    }

    private static async Task<IReadOnlyList<TableDigest>> RestoreFactsAsync(
        BackupReader reader, Manifest manifest, ScratchStores stores, RestoreFolders folders, KnownParts? known, Func<CancellationToken, Task>? examine, CancellationToken cancellation)
    {
        // It starts while its files come.
        var (clickHouse, _) = await Both.OfAsync(stop => stores.StartClickHouseAsync(folders.ClickHouse, folders.Backups, stop), async stop =>
        {
            await reader.ExtractAsync(SiteFiles.Facts, folders.Backup, stop);
            return true;
        }, cancellation);
        using var connection = clickHouse;
        await (manifest.Facts == FactsKind.Native
            ? FactsExport.LoadAsync(clickHouse, folders.Backup, cancellation)
            : clickHouse.ExecuteAsync($"RESTORE DATABASE {FactsCut.Database} FROM File('{RestoreFolders.BackupName}')", cancellation));
        var (digests, _) = await Both.OfAsync(stop => known is null
            ? FactsDigest.ReadAsync(clickHouse, FactsCut.Database, stop)
            : FactsDigest.RereadAsync(clickHouse, FactsCut.Database, known, stop), async stop =>
        {
            await (examine?.Invoke(stop) ?? Task.CompletedTask);
            return true;
        }, cancellation);
        return digests;
    }
}

/// <summary>Where the parts of a restore lie.</summary>
/// <param name="Work">Files of the cut, needed until the stores have read them.</param>
/// <param name="Data">What becomes the data directories.</param>
internal sealed record RestoreFolders(string Work, string Data)
{
    public const string BackupName = "cut";

    public string Cut => Path.Combine(Work, "redis");

    public string Backups => Path.Combine(Work, "backups");

    public string Backup => Path.Combine(Backups, BackupName);

    public string Redis => Path.Combine(Data, "redis");

    public string ClickHouse => Path.Combine(Data, "clickhouse");
}
