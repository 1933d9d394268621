using System.Globalization;
using System.Text.Json.Serialization;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>Everything about one backup: where each byte lies, and what the stores held, counted in their own terms.</summary>
/// <param name="At">The instant of the cut.</param>
/// <param name="Erasures">The platform's erasure ledger at the cut, line by line: who is on it stays erased.</param>
public sealed record Manifest(
    int Format, string Id, DateTimeOffset At, string Installation, string Site, string Release, RedisKind Redis, string ClickHouseVersion,
    double WriteStallMilliseconds, IReadOnlyList<FileEntry> Files, StoreDigests Digests, IReadOnlyList<string> Accounts, IReadOnlyList<string> Erasures)
{
    /// <summary>Backups from before there was a choice do not say.</summary>
    public FactsKind Facts { get; init; } = FactsKind.Backup;

    /// <summary>What each part of the facts held, by the hash of its files and columns: a restored part with that hash holds the same. Empty where rows were taken.</summary>
    public IReadOnlyDictionary<string, PartSum> Parts { get; init; } = new Dictionary<string, PartSum>();

    [JsonIgnore]
    public long Bytes => Files.Sum(f => f.Bytes);
}

/// <summary>How the facts were taken.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FactsKind>))]
public enum FactsKind
{
    /// <summary>Files of the engine's own BACKUP.</summary>
    Backup,

    /// <summary>The definition of each table, and its rows part by part in the format Native.</summary>
    Native,
}

/// <summary>How the state was taken.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RedisKind>))]
public enum RedisKind { Rdb, Aof, Garnet }

/// <param name="Path">Relative, with slashes.</param>
/// <param name="Sha256">Of the whole content.</param>
/// <param name="Chunks">In order.</param>
public sealed record FileEntry(string Path, long Bytes, string Sha256, IReadOnlyList<ChunkEntry> Chunks)
{
    /// <summary>What the content was known by before it was read, in words of where it came from; null for most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}

public sealed record ChunkEntry(string Address, int Bytes)
{
    [JsonIgnore]
    public string Name => ObjectNames.Chunk(Address);
}

/// <summary>What the stores hold, independent of how it lies on the disk.</summary>
/// <param name="Tables">Facts, by table and partition.</param>
/// <param name="State">State, by Redis type; what expires by itself is left out.</param>
public sealed record StoreDigests(IReadOnlyList<TableDigest> Tables, IReadOnlyList<TypeDigest> State)
{
    /// <summary>What differs, in words; empty when both hold the same.</summary>
    public IReadOnlyList<string> Differences(StoreDigests other) =>
    [
        .. Tables.Except(other.Tables).Select(t => $"{t} is not there"),
        .. other.Tables.Except(Tables).Select(t => $"{t} is there instead"),
        .. State.Except(other.State).Select(t => $"{t} is not there"),
        .. other.State.Except(State).Select(t => $"{t} is there instead"),
    ];
}

/// <summary>What one part of a table holds, counted once: parts never change.</summary>
/// <param name="City">Sum of cityHash64 over the rows, modulo 2^64.</param>
/// <param name="Xx">Sum of xxh3 over the rows, modulo 2^64.</param>
public sealed record PartSum(ulong Rows, ulong City, ulong Xx)
{
    public static PartSum Zero { get; } = new(0, 0, 0);

    public static PartSum operator +(PartSum one, PartSum other) => unchecked(new(one.Rows + other.Rows, one.City + other.City, one.Xx + other.Xx));
}

/// <param name="Columns">Digest of names and types, so that an edited schema shows.</param>
/// <param name="Checksum">Sum over the rows of two 64-bit hashes: independent of their order.</param>
public sealed record TableDigest(string Table, string Partition, ulong Rows, string Columns, string Checksum)
{
    public override string ToString() => $"table {Table}, partition {Partition}: {Rows} rows, {Columns[..8]}/{Checksum}";
}

/// <param name="Checksum">Sum over the keys of the SHA-256 of name and value: independent of their order.</param>
public sealed record TypeDigest(string Type, long Keys, string Checksum)
{
    public override string ToString() => $"{Keys} keys of type {Type}, {Checksum[..16]}";
}

/// <summary>What the repository holds. Its replacement is the commit point of every change.</summary>
/// <param name="Sequence">Grows with every change: an older catalog that was put back shows.</param>
/// <param name="Documents">SHA-256 of every file beside chunks and this catalog: settings, recovery kits, manifests, erasures.</param>
public sealed record Catalog(int Format, long Sequence, DateTimeOffset At, IReadOnlyDictionary<string, string> Documents, IReadOnlyList<BackupEntry> Backups)
{
    public const string Name = "catalog";

    public static Catalog Empty { get; } = new(Sealing.Format, 0, default, new Dictionary<string, string>(), []);

    public BackupEntry? Newest => Backups.Count == 0 ? null : Backups[^1];
}

/// <summary>One backup as lists show it.</summary>
/// <param name="Bytes">Of all files.</param>
/// <param name="NewBytes">That it added to the repository, compressed.</param>
public sealed record BackupEntry(string Id, DateTimeOffset At, string Installation, string Site, string Release, long Bytes, long NewBytes);

/// <summary>repository.json: readable for people, and for what must be known before a key is at hand.</summary>
public sealed record RepositorySettings(int Format, string Id, DateTimeOffset Created, string PublicKey)
{
    public const string Name = "repository.json";
}

internal static class ObjectNames
{
    public const string Chunks = "chunks";
    public const string Manifests = "manifests";
    public const string Kits = "kits";
    public const string Erasures = "erasures";
    public const string Lock = "lock";

    public static string Chunk(string address) => $"{Chunks}/{address[..2]}/{address}";

    public static string Manifest(string id) => $"{Manifests}/{id}";

    public static string Erasure(int lines) => string.Create(CultureInfo.InvariantCulture, $"{Erasures}/{lines}");

    public static string Kit(string id) => $"{Kits}/{id}.json";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(Catalog))]
[JsonSerializable(typeof(LockNote))]
internal sealed partial class RepositoryJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RepositorySettings))]
[JsonSerializable(typeof(Keys.WrappedSeed))]
[JsonSerializable(typeof(Keys.KitDocument))]
internal sealed partial class ReadableJson : JsonSerializerContext;
