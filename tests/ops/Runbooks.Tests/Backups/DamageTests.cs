using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Pruning;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>What can go wrong around a repository: each with what it says, and nothing lost.</summary>
public sealed class DamageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_use_that_was_killed_is_begun_anew()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var store = new DirectoryStore(Path.Combine(made.Folder, "other"));
        await Repository.OpenOrCreateAsync(store, made.Keys, made.Time, Stop);
        File.Delete(Path.Combine(store.Place, RepositorySettings.Name));

        await Repository.OpenOrCreateAsync(store, made.Keys, made.Time, Stop);

        Assert.Empty((await RepositoryCheck.RunAsync(await Repository.OpenAsync(store, made.Keys, Stop), 0, Stop)).Problems);
        Assert.False(File.Exists(Path.Combine(store.Place, ObjectNames.Lock)));
    }

    [Fact]
    public async Task A_catalog_of_another_key_is_nothing_to_begin_over()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var store = new DirectoryStore(Path.Combine(made.Folder, "other"));
        using var others = new RepositoryKeys(new byte[RepositoryKeys.SeedLength]);
        await Repository.OpenOrCreateAsync(store, others, made.Time, Stop);
        File.Delete(Path.Combine(store.Place, RepositorySettings.Name));

        var refused = await Assert.ThrowsAsync<OperationError>(() => Repository.OpenOrCreateAsync(store, made.Keys, made.Time, Stop));

        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_whose_answer_was_lost_on_the_way_is_taken()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var forgetful = new Forgetful(made.Store);

        await using (var held = await RepositoryLock.TakeAsync(forgetful, "create", made.Time, Stop))
        {
            await held.RequireAsync(Stop);
        }

        Assert.Null(await made.Store.ReadAsync(ObjectNames.Lock, Stop));
    }

    [Fact]
    public async Task A_damaged_chunk_is_written_anew_by_the_next_backup_after_verify_found_it()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var chunk = made.Manifests[0].Files.First(f => f.Path.StartsWith("clickhouse/", StringComparison.Ordinal)).Chunks[0];
        var file = Path.Combine(made.Store.Place, chunk.Name);
        var whole = await File.ReadAllBytesAsync(file, Stop);
        whole[^1] ^= 1;
        await File.WriteAllBytesAsync(file, whole, Stop);
        var site = Site(made);
        using var repositories = await OpenAsync(made, site);

        var result = await new VerifyRunbook(site, made.Time, _ => { }).RunAsync(repositories, restore: false, accept: false, Stop);
        Assert.False(result.Passed);
        Assert.Equal([chunk.Address], BackupNotes.Read(site).DamagedAt("made"));
        await made.BackUpAsync(BackupNotes.Read(site).DamagedAt("made"));

        Assert.Empty((await RepositoryCheck.RunAsync(await made.OpenAsync(), 0, Stop)).Problems);
    }

    [Fact]
    public async Task Damage_of_another_backup_stops_a_restore_unless_it_is_told_to_go_on()
    {
        using var made = await MadeRepository.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(made.Store.Place, ObjectNames.Manifest(made.Manifests[0].Id)), "damaged", Stop);
        var site = Site(made);
        var request = new RestoreRequest(site, made.Manifests[1].Id, Path.Combine(made.Folder, "into"), false);
        using var repositories = await OpenAsync(made, site);

        var refused = await Assert.ThrowsAsync<OperationError>(() => new RestoreRunbook(request, made.Time, _ => { }).RunAsync(repositories, Stop));
        Assert.Contains("--despite-damage", refused.Remedy, StringComparison.Ordinal);
        List<string> said = [];
        var despite = await Assert.ThrowsAsync<OperationError>(() => new RestoreRunbook(request with { DespiteDamage = true }, made.Time, said.Add).RunAsync(repositories, Stop));

        // All checks have passed: what is missing is a release whose programs open the stores.
        Assert.Contains("no release here", despite.Message, StringComparison.Ordinal);
        Assert.Contains(said, line => line.Contains("going on", StringComparison.Ordinal));
        await Assert.ThrowsAsync<OperationError>(() => new RestoreRunbook(request with { Id = made.Manifests[0].Id, DespiteDamage = true }, made.Time, _ => { }).RunAsync(repositories, Stop));
    }

    [Fact]
    public async Task A_backup_of_a_clock_that_was_ahead_stops_the_next_ones_until_it_is_dropped()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        made.Time.Advance(TimeSpan.FromDays(400));
        var ahead = await made.BackUpAsync();
        var site = Site(made);
        var now = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(made.Manifests[0].At.AddDays(1));

        var refused = await Assert.ThrowsAsync<OperationError>(() => Destinations.OpenAsync(site, null, made.Keys, "test", now, Stop));
        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Contains("the clock has gone back", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"provost backup prune --drop {ahead.Id}", refused.Remedy, StringComparison.Ordinal);

        using (var repositories = await OpenAsync(made, site))
        {
            await new PruneRunbook(site, now, _ => { }, ahead.Id).RunAsync(repositories, Stop);
        }
        await using var destinations = await Destinations.OpenAsync(site, null, made.Keys, "test", now, Stop);
        Assert.Equal([made.Manifests[0].Id], destinations.Targets[0].Repository.Catalog.Backups.Select(b => b.Id));
    }

    [Fact]
    public async Task An_installation_without_its_key_makes_no_new_one_beside_a_repository_and_adopts_the_old_one_from_a_kit()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var site = Site(made);
        File.Delete(Path.Combine(site.State.Secrets, "operator", BackupKey.Name));

        var refused = await Assert.ThrowsAsync<OperationError>(() => BackupKey.ReadOrCreateAsync(site, Stop));
        Assert.Contains("recovery-kit adopt", refused.Remedy, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OperationError>(() => KitRunbook.AdoptAsync(site, site.Places(), RecoveryKit.Create(), Stop));
        Assert.Null(BackupKey.Read(site.State));
        await KitRunbook.AdoptAsync(site, site.Places(), made.Kit, Stop);

        using var keys = await BackupKey.ReadOrCreateAsync(site, Stop);
        Assert.Equal(made.Keys.PublicKey, keys.PublicKey);
    }

    private static BackupSite Site(MadeRepository made)
    {
        var backup = new Backup { Destinations = new Dictionary<string, Destination> { ["made"] = new() { Directory = made.Store.Place } } };
        var installation = new Installation { Sites = new Dictionary<string, Topology.Model.Site> { ["local"] = new() { Backup = backup } } };
        var site = new BackupSite(installation, "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);
        site.State.Create();
        BackupKey.Write(site.State, made.Keys);
        return site;
    }

    private static Task<OpenedRepositories> OpenAsync(MadeRepository made, BackupSite site) =>
        OpenedRepositories.OpenAsync(site, [new BackupPlace("made", new DirectoryStore(made.Store.Place))], null, Stop);

    /// <summary>A bucket whose answer to the first conditional write is lost: asked again, it finds the file there.</summary>
    private sealed class Forgetful(IObjectStore store) : IObjectStore
    {
        private bool forgot;

        public string Place => store.Place;

        public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellation) => store.ListAsync(prefix, cancellation);

        public Task<byte[]?> ReadAsync(string name, CancellationToken cancellation) => store.ReadAsync(name, cancellation);

        public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => store.WriteAsync(name, content, cancellation);

        public async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
        {
            var made = await store.CreateAsync(name, content, cancellation);
            var told = made && forgot;
            forgot = true;
            return told;
        }

        public Task DeleteAsync(string name, CancellationToken cancellation) => store.DeleteAsync(name, cancellation);

        public void Dispose() => store.Dispose();
    }
}
