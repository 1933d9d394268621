using System.Text;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Backups.Restoring;

/// <param name="ErasuresReplayed">People who were erased while the backup was being staged, and are again.</param>
public sealed record FilledStores(int ErasuresReplayed, double Seconds);

/// <summary>
/// A restore into stores that are reached over the network alone, by whoever starts and stops them around it. 1. Stage: every byte is
/// checked, and the backup is restored to a folder and counted, while the site serves. 2. Once nobody writes any more, note who was
/// erased meanwhile. 3. Give the keys of the data to secrets that are new. 4. Fill stores that are new and empty, and count again.
/// </summary>
public sealed class StagedRestore(BackupSite site, TimeProvider time, Action<string> say)
{
    // The filled stores, and what they write before they merge.
    private const int SpaceFactor = 2;

    /// <summary>Where the backup lies between the steps.</summary>
    public string Folder { get; } = Path.Combine(site.WorkDirectory, "staged");

    private StateDirectory Staged => new(Path.Combine(Folder, RestoreTarget.DefaultState));

    private string Noted => Path.Combine(Folder, "erasures");

    /// <param name="request">With <see cref="Folder"/> to restore into.</param>
    public async Task<RestoredBackup> StageAsync(RestoreRequest request, OpenedRepositories repositories, CancellationToken cancellation)
    {
        Remove();
        try
        {
            var restored = await new RestoreRunbook(request, time, say).RunAsync(repositories, cancellation);
            // The keys of its own repositories stay those of the site.
            CopyKeysOfBackups(OperatorsIn(site.State), OperatorsIn(Staged));
            FreeSpace.Require(Folder, restored.Bytes * SpaceFactor, "fill new volumes beside those that stand", "free space on the disk of the engine: docker system df shows what uses it");
            return restored;
        }
        catch
        {
            Remove();
            throw;
        }
    }

    /// <summary>From the stores that stand, after their services were stopped.</summary>
    public async Task NoteErasuresAsync(CancellationToken cancellation)
    {
        try
        {
            var stores = await RunningStores.FindAsync(site);
            await using var redis = await RedisLink.OpenAsync(stores.Redis);
            var lines = await RedisLink.AskAsync(() => redis.Database.ListRangeAsync(LivingErasures.Key));
            cancellation.ThrowIfCancellationRequested();
            PrivateFiles.Write(Noted, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        }
        catch (OperationError e)
        {
            say($"WARNING: the erasure ledger of the stores that stand cannot be read ({e.Message}): whoever was erased in the last minute, before any destination knew, comes back and must be erased again");
        }
    }

    /// <summary>Into secrets that nothing was written with yet; passwords are made anew.</summary>
    public void GiveKeys()
    {
        var (api, operators) = (Path.Combine(site.State.Secrets, Replicas.Api), OperatorsIn(site.State));
        if (Directory.EnumerateFiles(api).Concat(Directory.EnumerateFiles(operators)).FirstOrDefault() is { } used)
        {
            throw new OperationError(ErrorKind.Refused, $"there is {used} already, and data may have been written with it", "a restore goes into new volumes alone: provost restore --replace makes them");
        }
        foreach (var key in Secrets.All.Where(s => s.Kind is SecretKind.Key))
        {
            PrivateFiles.Write(Path.Combine(api, key.Name), Encoding.ASCII.GetBytes(Staged.Secret(Replicas.Api, key.Name) ?? throw new OperationError(
                ErrorKind.Failed, $"the backup has no secret {key.Name}", "try another backup: provost backup list")));
        }
        CopyKeysOfBackups(OperatorsIn(Staged), operators);
    }

    public async Task<FilledStores> FillAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var (programs, work) = (StorePrograms.Find(site), Path.Combine(Folder, ".work"));
        ScratchRestore.Remove(work);
        PrivateFiles.CreateDirectory(work);
        var stores = await RunningStores.FindAsync(site);
        await using var state = await RedisLink.OpenAsync(stores.Redis);
        using var facts = new ClickHouseClient(stores.ClickHouse);
        await RequireEmptyAsync(state, facts, cancellation);
        await using var scratch = new ScratchStores(programs, Path.Combine(work, "scratch"), Path.Combine(Staged.Secrets, Replicas.Api), time);
        await using var from = await scratch.StartRedisAsync(Kind(), Path.Combine(Staged.Data, Replicas.Redis), cancellation);
        using var rows = await scratch.StartClickHouseAsync(Path.Combine(Staged.Data, Replicas.ClickHouse), Path.Combine(work, "backups"), cancellation);
        var replayed = await ReplayNotedAsync(from, scratch, programs, work, cancellation);
        say("filling the new stores");
        await StateCopy.RunAsync(from, state, cancellation);
        await FactsExport.CopyAsync(rows, facts, cancellation);
        await RequireSameAsync(await CountAsync(rows, from, cancellation), await CountAsync(facts, state, cancellation));
        return new FilledStores(replayed, Math.Round(time.GetElapsedTime(start).TotalSeconds, 3));
    }

    public void Remove()
    {
        ScratchRestore.Remove(Folder);
        ScratchRestore.Remove(Folder + StateSwap.Staging);
    }

    private RedisKind Kind() => InstallationMarker.Read(Staged)?.EmbeddedRedis == true ? RedisKind.Garnet : RedisKind.Aof;

    // Live data are never written over, whatever the volumes are called.
    private static async Task RequireEmptyAsync(RedisLink state, ClickHouseClient facts, CancellationToken cancellation)
    {
        var keys = 0;
        await foreach (var page in state.PagesAsync(100, cancellation))
        {
            keys += page.Count(key => !StateDigest.IsOwnMark(key));
        }
        var tables = await facts.QueryAsync($"SELECT name FROM system.tables WHERE database = '{FactsCut.Database}'", cancellation);
        if (keys > 0 || tables.Count > 0)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the stores that were to be filled are not empty: {keys} keys, {tables.Count} tables", "a restore goes into new volumes alone: provost restore --replace makes them");
        }
    }

    // The chain only grows: a longer one knows more.
    private async Task<int> ReplayNotedAsync(RedisLink state, ScratchStores scratch, StorePrograms programs, string work, CancellationToken cancellation)
    {
        var noted = File.Exists(Noted) ? await File.ReadAllLinesAsync(Noted, cancellation) : [];
        var known = (int)await RedisLink.AskAsync(() => state.Database.ListLengthAsync(LivingErasures.Key));
        if (noted.Length <= known)
        {
            return 0;
        }
        await Erasures.ReplayAsync(noted, scratch, programs, work, cancellation);
        return noted.Length - known;
    }

    private static async Task<StoreDigests> CountAsync(ClickHouseClient facts, RedisLink state, CancellationToken cancellation) =>
        new(await FactsDigest.ReadAsync(facts, FactsCut.Database, cancellation), await StateDigest.ReadAsync(state, cancellation));

    private static Task RequireSameAsync(StoreDigests staged, StoreDigests filled) => staged.Differences(filled) is { Count: > 0 } differences
        ? throw new OperationError(ErrorKind.Failed, "the new stores do not hold what the backup holds", "the site goes on with what it had; run the restore again", differences)
        : Task.CompletedTask;

    private static string OperatorsIn(StateDirectory state) => Path.Combine(state.Secrets, Secrets.Operator);

    private static void CopyKeysOfBackups(string from, string to)
    {
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, BackupKey.Prefix + "*") : [])
        {
            PrivateFiles.Write(Path.Combine(to, Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }
}

/// <summary>What the steps of a restore answer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RestoredBackup))]
[JsonSerializable(typeof(FilledStores))]
internal sealed partial class StepJson : JsonSerializerContext;
