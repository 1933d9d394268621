using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>
/// Sums of the parts of earlier backups, by the hash of the part's files: a backup counts only the parts that are new. A
/// scratch restore counts every row again, so a wrong sum shows there.
/// </summary>
/// <param name="known">Null for none: every row is counted.</param>
internal sealed class KnownParts(IReadOnlyDictionary<string, PartSum>? known = null)
{
    private readonly Dictionary<string, PartSum> seen = [];

    /// <summary>Those that were asked for or added.</summary>
    public IReadOnlyDictionary<string, PartSum> Seen => seen;

    public static KnownParts Read(string file)
    {
        try
        {
            return File.Exists(file) ? new(JsonSerializer.Deserialize(File.ReadAllBytes(file), PartsJson.Default.DictionaryStringPartSum)) : new();
        }
        catch (JsonException)
        {
            return new();
        }
    }

    public PartSum? Find(string hash)
    {
        if (!seen.ContainsKey(hash) && known?.TryGetValue(hash, out var sum) == true)
        {
            seen[hash] = sum;
        }
        return seen.GetValueOrDefault(hash);
    }

    public void Add(string hash, PartSum sum) => seen[hash] = sum;

    /// <summary>Keeps what this backup saw; parts that were merged away are forgotten.</summary>
    public void Save(string file) => PrivateFiles.Write(file, JsonSerializer.SerializeToUtf8Bytes(seen, PartsJson.Default.DictionaryStringPartSum));
}

[JsonSerializable(typeof(Dictionary<string, PartSum>))]
internal sealed partial class PartsJson : JsonSerializerContext;
