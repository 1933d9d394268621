using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>A repository with two backups in the shape of real ones, made by the code that makes real ones.</summary>
internal sealed class MadeRepository : IDisposable
{
    private readonly Random random;

    private MadeRepository(int seed)
    {
        random = new Random(seed);
        Folder = Directory.CreateTempSubdirectory("provost-repository-").FullName;
        Store = new DirectoryStore(Path.Combine(Folder, "repository"));
    }

    public string Folder { get; }

    public DirectoryStore Store { get; }

    public RepositoryKeys Keys { get; } = new(RandomNumberGenerator.GetBytes(RepositoryKeys.SeedLength));

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 2, 30, 0, TimeSpan.Zero));

    public RecoveryKit Kit { get; } = RecoveryKit.Create();

    /// <summary>Older than any tool.</summary>
    public string Release { get; set; } = "0.0.1";

    public List<Manifest> Manifests { get; } = [];

    /// <summary>Files of the newest backup by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public static async Task<MadeRepository> CreateAsync(int backups = 2, int seed = 1, int largest = 200_000)
    {
        var made = new MadeRepository(seed);
        made.Fill(largest);
        for (var i = 0; i < backups; i++)
        {
            await made.BackUpAsync();
        }
        await KitRunbook.AddAsync(await made.OpenAsync(), made.Kit, made.Time, default);
        return made;
    }

    public Task<Repository> OpenAsync() => Repository.OpenAsync(Store, Keys, default);

    /// <summary>One more backup, of changed content, a day later.</summary>
    /// <param name="damaged">Chunks that count as not there.</param>
    public async Task<Manifest> BackUpAsync(IReadOnlyList<string>? damaged = null)
    {
        Time.Advance(TimeSpan.FromDays(1));
        Files["redis/dump.rdb"] = Bytes(20_000);
        var repository = await Repository.OpenOrCreateAsync(Store, Keys, Time, default);
        await using var held = await RepositoryLock.TakeAsync(Store, "test", Time, default);
        await repository.ReloadAsync(default);
        var target = new WriterTarget("made", repository, new Bandwidth(null, Time));
        await target.LoadAsync(damaged ?? [], default);
        var entries = await new BackupWriter(Keys, [target], []).WriteAsync([.. Files.Select(f => SourceFile.Of(f.Key, f.Value))], default);
        var manifest = new Manifest(
            Sealing.Format, $"{Time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Manifests.Count:x6}", Time.GetUtcNow(), "made", "local", Release, RedisKind.Rdb, "26.7", 10, entries, new StoreDigests([], []), [], []);
        var digest = await repository.WriteManifestAsync(manifest, default);
        await repository.CommitAsync(
            repository.Catalog with
            {
                Documents = new Dictionary<string, string>(repository.Catalog.Documents) { [ObjectNames.Manifest(manifest.Id)] = digest },
                Backups = [.. repository.Catalog.Backups, new BackupEntry(manifest.Id, manifest.At, "made", "local", Release, manifest.Bytes, target.NewBytes)],
            },
            default);
        Manifests.Add(manifest);
        return manifest;
    }

    public void Dispose()
    {
        Keys.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Fill(int largest)
    {
        foreach (var name in (string[])["config/provost.yaml", "state/secrets/api/Names__Key", "state/ledger.jsonl", "clickhouse/.backup", "clickhouse/metadata/provost/cells.sql"])
        {
            Files[name] = Bytes(random.Next(40, 2000));
        }
        for (var part = 1; part <= 4; part++)
        {
            foreach (var column in (string[])["student.bin", "score.bin", "primary.cidx", "checksums.txt"])
            {
                Files[$"clickhouse/data/provost/cells/all_{part}_{part}_0/{column}"] = Bytes(random.Next(100, largest));
            }
        }
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
