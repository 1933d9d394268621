using System.Security.Cryptography;
using System.Text.Json;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>An open repository: its place, its keys, its catalog.</summary>
public sealed class Repository
{
    private const byte CatalogKind = 1;
    private const byte ManifestKind = 2;

    private Repository(IObjectStore store, RepositoryKeys keys, Catalog catalog)
    {
        Store = store;
        Keys = keys;
        Catalog = catalog;
    }

    public IObjectStore Store { get; }

    public Catalog Catalog { get; private set; }

    internal RepositoryKeys Keys { get; }

    /// <summary>Opens a repository. What was tampered with is an error, never an empty repository.</summary>
    public static async Task<Repository> OpenAsync(IObjectStore store, RepositoryKeys keys, CancellationToken cancellation)
    {
        var settings = await ReadSettingsAsync(store, cancellation) ?? throw new OperationError(
            ErrorKind.Refused, $"there is no repository at {store.Place}", "check the place; a first provost backup create makes a repository where nothing is yet");
        if (settings.PublicKey != keys.PublicKey)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the repository at {store.Place} was made with another key",
                "it belongs to another installation, or this installation lost its key: use that repository's recovery kit (--kit FILE), or set another destination in provost.yaml");
        }
        var stored = await store.ReadAsync(Catalog.Name, cancellation) ?? throw Damaged(store, new DamagedFile(Catalog.Name, "is missing"));
        try
        {
            var catalog = JsonSerializer.Deserialize(Sealing.OpenDocument(keys, Catalog.Name, CatalogKind, stored), RepositoryJson.Default.Catalog)!;
            return new Repository(store, keys, catalog);
        }
        catch (DamagedFile e)
        {
            throw Damaged(store, e);
        }
    }

    /// <summary>Opens the repository, or makes one where nothing is.</summary>
    public static async Task<Repository> OpenOrCreateAsync(IObjectStore store, RepositoryKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        if (await store.ReadAsync(RepositorySettings.Name, cancellation) is not null)
        {
            return await OpenAsync(store, keys, cancellation);
        }
        await RequireEmptyAsync(store, keys, cancellation);
        // Two who find nothing must not both begin: the second opens what the first has made.
        await using var held = await RepositoryLock.TakeAsync(store, "first use", time, cancellation, brief: true);
        return await store.ReadAsync(RepositorySettings.Name, cancellation) is null
            ? await CreateAsync(store, keys, time, cancellation) : await OpenAsync(store, keys, cancellation);
    }

    private static async Task<Repository> CreateAsync(IObjectStore store, RepositoryKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        await RequireEmptyAsync(store, keys, cancellation);
        var settings = new RepositorySettings(Sealing.Format, Guid.NewGuid().ToString("N"), time.GetUtcNow(), keys.PublicKey);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(settings, ReadableJson.Default.RepositorySettings);
        var made = new Repository(store, keys, Catalog.Empty);
        // The catalog first: a crash in between leaves an empty catalog of this key, over which the next one begins anew.
        await made.CommitAsync(
            Catalog.Empty with { At = time.GetUtcNow(), Documents = new Dictionary<string, string> { [RepositorySettings.Name] = Digest(bytes) } }, cancellation);
        await store.WriteAsync(RepositorySettings.Name, bytes, cancellation);
        return made;
    }

    // Never begin anew over what may be a repository that lost a file: its backups would be unreachable for good.
    private static async Task RequireEmptyAsync(IObjectStore store, RepositoryKeys keys, CancellationToken cancellation)
    {
        await foreach (var file in store.ListAsync("", cancellation))
        {
            if (file.Name == ObjectNames.Lock || (file.Name == Catalog.Name && await IsBeginningAsync(store, keys, cancellation)))
            {
                continue;
            }
            throw new OperationError(
                ErrorKind.Refused, $"{store.Place} is not empty, and is no repository: it holds {file.Name}",
                $"choose an empty place; or, if it was a repository, put {RepositorySettings.Name} back from a copy");
        }
    }

    /// <summary>Whether the catalog is the first one, of our key, and names nothing that could be lost.</summary>
    private static async Task<bool> IsBeginningAsync(IObjectStore store, RepositoryKeys keys, CancellationToken cancellation)
    {
        try
        {
            return await store.ReadAsync(Catalog.Name, cancellation) is not { } stored
                || JsonSerializer.Deserialize(Sealing.OpenDocument(keys, Catalog.Name, CatalogKind, stored), RepositoryJson.Default.Catalog) is { Sequence: 1, Backups: [] };
        }
        catch (DamagedFile)
        {
            return false;
        }
    }

    public static async Task<RepositorySettings?> ReadSettingsAsync(IObjectStore store, CancellationToken cancellation)
    {
        if (await store.ReadAsync(RepositorySettings.Name, cancellation) is not { } bytes)
        {
            return null;
        }
        try
        {
            var settings = JsonSerializer.Deserialize(bytes, ReadableJson.Default.RepositorySettings)!;
            return settings.Format <= Sealing.Format ? settings : throw new OperationError(
                ErrorKind.Refused, $"the repository at {store.Place} has the format {settings.Format}; this version of provost reads {Sealing.Format}",
                "update provost, then run the command again");
        }
        catch (JsonException e)
        {
            throw Damaged(store, new DamagedFile(RepositorySettings.Name, e.Message));
        }
    }

    public async Task ReloadAsync(CancellationToken cancellation) => Catalog = (await OpenAsync(Store, Keys, cancellation)).Catalog;

    /// <summary>The commit point: the catalog is replaced as a whole.</summary>
    public async Task CommitAsync(Catalog next, CancellationToken cancellation)
    {
        var numbered = next with { Sequence = Catalog.Sequence + 1 };
        var plain = JsonSerializer.SerializeToUtf8Bytes(numbered, RepositoryJson.Default.Catalog);
        await Store.WriteAsync(Catalog.Name, Sealing.SealDocument(Keys, Catalog.Name, CatalogKind, plain), cancellation);
        Catalog = numbered;
    }

    /// <summary>Writes a manifest; it counts once <see cref="CommitAsync"/> names it.</summary>
    public async Task<string> WriteManifestAsync(Manifest manifest, CancellationToken cancellation)
    {
        var name = ObjectNames.Manifest(manifest.Id);
        var stored = Sealing.SealDocument(Keys, name, ManifestKind, JsonSerializer.SerializeToUtf8Bytes(manifest, RepositoryJson.Default.Manifest));
        await Store.WriteAsync(name, stored, cancellation);
        return Digest(stored);
    }

    public async Task<Manifest> ReadManifestAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await ParseManifestAsync(id, cancellation);
        }
        catch (DamagedFile e)
        {
            throw Damaged(Store, e);
        }
    }

    internal async Task<Manifest> ParseManifestAsync(string id, CancellationToken cancellation)
    {
        var name = ObjectNames.Manifest(id);
        var stored = await CheckDocumentAsync(name, cancellation);
        var manifest = JsonSerializer.Deserialize(Sealing.OpenDocument(Keys, name, ManifestKind, stored), RepositoryJson.Default.Manifest)!;
        return manifest.Id == id ? manifest : throw new DamagedFile(name, $"is the manifest of {manifest.Id}");
    }

    /// <summary>A file that the catalog names, exactly as it was when it was named.</summary>
    internal async Task<byte[]> CheckDocumentAsync(string name, CancellationToken cancellation)
    {
        var stored = await Store.ReadAsync(name, cancellation) ?? throw new DamagedFile(name, "is missing");
        return Catalog.Documents.TryGetValue(name, out var digest) && Digest(stored) == digest
            ? stored : throw new DamagedFile(name, "is not the file that the catalog names");
    }

    /// <summary>Refuses when any file that the catalog names is missing or changed: somebody worked on this repository.</summary>
    internal async Task RequireWholeAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var name in Catalog.Documents.Keys)
            {
                await CheckDocumentAsync(name, cancellation);
            }
        }
        catch (DamagedFile e)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the repository at {Store.Place} is damaged: {e.Message}",
                "use another copy of the repository (another destination); or, when there is none, restore a backup that is whole itself: provost restore ID --despite-damage");
        }
    }

    internal static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static OperationError Damaged(IObjectStore store, DamagedFile file) => new(
        ErrorKind.Refused, $"the repository at {store.Place} is damaged: {file.Message}",
        "use another copy of the repository (another destination); provost backup verify shows all that is damaged");
}
