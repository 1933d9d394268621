using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>What one part of a table holds, counted once: parts never change.</summary>
/// <param name="City">Sum of cityHash64 over the rows, modulo 2^64.</param>
/// <param name="Xx">Sum of xxh3 over the rows, modulo 2^64.</param>
internal sealed record PartSum(ulong Rows, ulong City, ulong Xx)
{
    public static PartSum Zero { get; } = new(0, 0, 0);

    public static PartSum operator +(PartSum one, PartSum other) => unchecked(new(one.Rows + other.Rows, one.City + other.City, one.Xx + other.Xx));
}

/// <summary>
/// Sums of the parts of earlier backups, by the hash of the part's files: a backup counts only the parts that are new. A
/// scratch restore counts every row again, so a wrong sum shows there.
/// </summary>
internal sealed class KnownParts(string file)
{
    private readonly Dictionary<string, PartSum> known = Read(file);
    private readonly Dictionary<string, PartSum> seen = [];

    public PartSum? Find(string hash)
    {
        if (!seen.ContainsKey(hash) && known.TryGetValue(hash, out var sum))
        {
            seen[hash] = sum;
        }
        return seen.GetValueOrDefault(hash);
    }

    public void Add(string hash, PartSum sum) => seen[hash] = sum;

    /// <summary>Keeps what this backup saw; parts that were merged away are forgotten.</summary>
    public void Save() => PrivateFiles.Write(file, JsonSerializer.SerializeToUtf8Bytes(seen, PartsJson.Default.DictionaryStringPartSum));

    private static Dictionary<string, PartSum> Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), PartsJson.Default.DictionaryStringPartSum) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, PartSum>))]
internal sealed partial class PartsJson : JsonSerializerContext;
