using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Making;

/// <summary>A backup that was made.</summary>
/// <param name="NewBytes">That the first destination did not have yet, compressed.</param>
/// <param name="WriteStallMs">How long a commit of the platform waited at most for the cut.</param>
public sealed record CreatedBackup(string Id, long Bytes, long NewBytes, double Seconds, double WriteStallMs, IReadOnlyList<PlaceResult> Places);

/// <param name="Problem">Why the backup did not arrive there; null when it did.</param>
public sealed record PlaceResult(string Name, long NewBytes, string? Problem);

/// <summary>provost backup create: a cut of all stores, its files, its digests, to every destination.</summary>
/// <param name="courteous">Whether this process, from the cut on, lets everybody else on the machine go first.</param>
public sealed class BackupRunbook(BackupSite site, TimeProvider time, Action<string> say, bool courteous = false)
{
    private const string Verb = "backup create";

    public async Task<CreatedBackup> CreateAsync(string? only, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        using var alone = SiteBackupLock.Take(site);
        try
        {
            var created = await MakeAsync(only, start, cancellation);
            Record(created);
            return created;
        }
        catch (OperationError e)
        {
            BackupNotes.Change(site, n => n with { Problem = e.Message });
            Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, "", "failed", Elapsed(start), new JsonObject { ["problem"] = e.Message }));
            throw;
        }
    }

    private async Task<CreatedBackup> MakeAsync(string? only, long start, CancellationToken cancellation)
    {
        var stores = await RunningStores.FindAsync(site);
        using var keys = BackupKey.ReadOrCreate(site.State);
        await using var destinations = await Destinations.OpenAsync(site, only, keys, Verb, time, cancellation);
        var id = NewId();
        using var work = new WorkFolder(site, id);
        var written = await WriteAsync(id, keys, stores, destinations, work, cancellation);
        var places = await destinations.CommitAsync(written, cancellation);
        if (places.All(p => p.Problem is not null))
        {
            throw destinations.Failure();
        }
        return new CreatedBackup(id, written.Bytes, places.First(p => p.Problem is null).NewBytes, Elapsed(start), written.WriteStallMilliseconds, places);
    }

    private async Task<Manifest> WriteAsync(string id, RepositoryKeys keys, RunningStores stores, Destinations destinations, WorkFolder work, CancellationToken cancellation)
    {
        using var platform = site.Platform();
        using var clickHouse = new ClickHouseClient(stores.ClickHouse);
        await using var redis = await RedisLink.OpenAsync(stores.Redis);
        await using var state = StateCut.Of(stores, redis, work.Redis, time);
        await using var facts = new FactsCut(clickHouse, id, work.Scratch);
        var cut = await new Cut(platform, state, facts, time).TakeAsync(say, cancellation);
        say(string.Create(CultureInfo.InvariantCulture, $"cut of all stores: commits waited {cut.StallMilliseconds:0} ms at most"));
        if (courteous)
        {
            Courtesy.LetOthersGoFirst();
        }
        await state.CollectAsync(cancellation);
        var counting = CountAsync(state.Kind, facts, work, cancellation);
        List<SourceFile> files =
        [
            .. SiteFiles.Of(site, state.Kind), .. SourceFile.Below(work.Redis, SiteFiles.Redis.TrimEnd('/')), .. await facts.FilesAsync(SiteFiles.Facts, cancellation),
        ];
        var entries = await new BackupWriter(keys, destinations.Targets).WriteAsync(files, cancellation);
        var (digests, accounts) = await counting;
        say(string.Create(CultureInfo.InvariantCulture, $"{entries.Count} files, {entries.Sum(e => e.Bytes) / 1048576.0:0.0} MiB"));
        var version = (await clickHouse.QueryAsync("SELECT version()", cancellation))[0][0];
        return new Manifest(
            Sealing.Format, id, cut.At, site.Installation.Name, site.SiteName, site.Release, state.Kind, version, cut.StallMilliseconds, entries, digests, accounts, cut.Erasures)
        {
            Facts = facts.Kind,
        };
    }

    // The state is counted where a restore would find it: in a server of its own over the files of the cut.
    private async Task<(StoreDigests Digests, IReadOnlyList<string> Accounts)> CountAsync(RedisKind kind, FactsCut facts, WorkFolder work, CancellationToken cancellation)
    {
        var known = new KnownParts(Path.Combine(site.WorkDirectory, "parts.json"));
        var tables = facts.DigestAsync(known, cancellation);
        StoreFiles.Arrange(kind, work.Redis, work.ScratchRedis);
        await using var scratch = new ScratchStores(StorePrograms.Find(site), work.Scratch, null, time);
        await using var redis = await scratch.StartRedisAsync(kind, work.ScratchRedis, cancellation);
        var types = await StateDigest.ReadAsync(redis, cancellation);
        var accounts = (await redis.Database.SetMembersAsync("accounts")).Select(a => a.ToString()).Order(StringComparer.Ordinal).ToList();
        var digests = new StoreDigests(await tables, types);
        known.Save();
        return (digests, accounts);
    }

    private void Record(CreatedBackup created)
    {
        BackupNotes.Change(site, n => n with { LastAt = IdTime(created.Id), LastId = created.Id, Problem = null });
        Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, created.Id, "done", created.Seconds, new JsonObject
        {
            ["bytes"] = created.Bytes,
            ["newBytes"] = created.NewBytes,
            ["writeStallMs"] = Math.Round(created.WriteStallMs, 1),
            ["places"] = new JsonArray([.. created.Places.Select(p => JsonValue.Create(p.Problem is null ? p.Name : $"{p.Name}: {p.Problem}"))]),
        }));
    }

    private string NewId() => $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..6]}";

    internal static DateTimeOffset IdTime(string id) =>
        DateTimeOffset.ParseExact(id[..16], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private double Elapsed(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
}

/// <summary>Files of one backup in the making, beside the data so that second names are possible; gone afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string root;

    public WorkFolder(BackupSite site, string id)
    {
        var works = Path.Combine(site.WorkDirectory, "work");
        // What a killed backup left: only one runs for each site.
        if (Directory.Exists(works))
        {
            Directory.Delete(works, recursive: true);
        }
        root = Path.Combine(works, id);
        foreach (var folder in (string[])[site.WorkDirectory, works, root, Redis, Scratch])
        {
            PrivateFiles.CreateDirectory(folder);
        }
    }

    public string Redis => Path.Combine(root, "redis");

    public string Scratch => Path.Combine(root, "scratch");

    public string ScratchRedis => Path.Combine(Scratch, "redis");

    public void Dispose() => Directory.Delete(root, recursive: true);
}
