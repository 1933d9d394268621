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
/// <param name="courteous">Whether this process lets everybody else on the machine go first, but for the cut.</param>
public sealed class BackupRunbook(BackupSite site, TimeProvider time, Action<string> say, bool courteous = false)
{
    private const string Verb = "backup create";

    private readonly Courtesy courtesy = new(courteous);

    public async Task<CreatedBackup> CreateAsync(string? only, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        courtesy.Begin();
        using var alone = SiteBackupLock.Take(site);
        try
        {
            using var reserve = ReserveSpace();
            var created = await MakeAsync(only, start, cancellation);
            Record(created);
            return created;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Whatever it was: an alert and a look into the ledger must show it.
            Record(e, start);
            throw;
        }
    }

    private async Task<CreatedBackup> MakeAsync(string? only, long start, CancellationToken cancellation)
    {
        var stores = await RunningStores.FindAsync(site);
        await NeededSpace.RequireAsync(site, stores, cancellation);
        using var keys = await BackupKey.ReadOrCreateAsync(site, cancellation);
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
        var cut = await new Cut(platform, state, facts, courtesy, time).TakeAsync(say, cancellation);
        say(string.Create(CultureInfo.InvariantCulture, $"cut of all stores: commits waited {cut.StallMilliseconds:0} ms at most"));
        courtesy.Done();
        var earlier = await destinations.NewestFilesAsync(cancellation);
        await state.CollectAsync(cancellation);
        var (entries, (digests, parts, accounts)) = await Both.OfAsync(
            stop => SendAsync(state.Kind, facts, new BackupWriter(keys, destinations.Targets, earlier), work, stop), stop => CountAsync(state.Kind, facts, work, stop), cancellation);
        say(string.Create(CultureInfo.InvariantCulture, $"{entries.Count} files, {entries.Sum(e => e.Bytes) / 1048576.0:0.0} MiB"));
        var version = (await clickHouse.QueryAsync("SELECT version()", cancellation))[0][0];
        return new Manifest(
            Sealing.Format, id, cut.At, site.Installation.Name, site.SiteName, site.Release, state.Kind, version, cut.StallMilliseconds, entries, digests, accounts, cut.Erasures)
        {
            Facts = facts.Kind,
            Parts = parts,
        };
    }

    private async Task<IReadOnlyList<FileEntry>> SendAsync(RedisKind kind, FactsCut facts, BackupWriter writer, WorkFolder work, CancellationToken cancellation)
    {
        List<SourceFile> files =
        [
            .. SiteFiles.Of(site, kind), .. SourceFile.Below(work.Redis, SiteFiles.Redis.TrimEnd('/')), .. await facts.FilesAsync(SiteFiles.Facts, cancellation),
        ];
        return await writer.WriteAsync(files, cancellation);
    }

    // The state is counted where a restore would find it: in a server of its own over the files of the cut.
    private async Task<(StoreDigests Digests, IReadOnlyDictionary<string, PartSum> Parts, IReadOnlyList<string> Accounts)> CountAsync(RedisKind kind, FactsCut facts, WorkFolder work, CancellationToken cancellation)
    {
        var file = Path.Combine(site.WorkDirectory, "parts.json");
        var known = KnownParts.Read(file);
        var (tables, (types, accounts)) = await Both.OfAsync(stop => facts.DigestAsync(known, stop), stop => CountStateAsync(kind, work, stop), cancellation);
        known.Save(file);
        // Rows that are inserted again lie in other parts.
        return (new StoreDigests(tables, types), facts.Kind is FactsKind.Backup ? known.Seen : new Dictionary<string, PartSum>(), accounts);
    }

    private async Task<(IReadOnlyList<TypeDigest> Types, IReadOnlyList<string> Accounts)> CountStateAsync(RedisKind kind, WorkFolder work, CancellationToken cancellation)
    {
        StoreFiles.Arrange(kind, work.Redis, work.ScratchRedis);
        await using var scratch = new ScratchStores(StorePrograms.Find(site), work.Scratch, null, time);
        await using var redis = await scratch.StartRedisAsync(kind, work.ScratchRedis, cancellation);
        var types = await StateDigest.ReadAsync(redis, cancellation);
        var accounts = await RedisLink.AskAsync(() => redis.Database.SetMembersAsync("accounts"));
        return (types, [.. accounts.Select(a => a.ToString()).Order(StringComparer.Ordinal)]);
    }

    // A disk that gets full meanwhile has room left to say so.
    private SpaceReserve ReserveSpace()
    {
        foreach (var left in Directory.EnumerateFiles(site.WorkDirectory, "reserve.*"))
        {
            File.Delete(left);
        }
        try
        {
            return SpaceReserve.Take(site.WorkDirectory);
        }
        catch (IOException e)
        {
            throw new OperationError(ErrorKind.Machine, $"there is no free space where {site.WorkDirectory} lies: {e.Message}", "free space there, then run the backup again", cause: e);
        }
    }

    // What cannot be written down must not hide why.
    private void Record(Exception error, long start)
    {
        try
        {
            BackupNotes.Change(site, n => n with { Problem = error.Message });
            Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, "", "failed", Elapsed(start), new JsonObject { ["problem"] = error.Message }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationError)
        {
            say($"the failure could not be noted: {e.Message}");
        }
    }

    private void Record(CreatedBackup created)
    {
        var at = IdTime(created.Id);
        BackupNotes.Change(site, notes => created.Places.Aggregate(
            notes with { LastAt = at, LastId = created.Id, Problem = null, CopyOf = null }, (n, place) => n.At(place.Name, p => p with { LastAt = place.Problem is null ? at : p.LastAt, Problem = place.Problem })));
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
