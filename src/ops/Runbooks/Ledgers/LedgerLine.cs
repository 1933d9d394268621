using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Provost.Runbooks.Ledgers;

/// <summary>
/// A ledger line as text: an entry whose last property is the hash of everything before it. Checked as bytes, so that any
/// change of a line is found, also one that means the same.
/// </summary>
internal static class LedgerLine
{
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly int SealLength = Seal(NoHash).Length;

    public static string Write(LedgerEntry entry)
    {
        var whole = JsonSerializer.Serialize(entry with { Hash = NoHash }, LedgerJson.Default.LedgerEntry);
        var content = whole[..^SealLength];
        return content + Seal(HashOf(content));
    }

    /// <summary>The entry; null with a problem when the line is not what was written.</summary>
    public static LedgerEntry? Read(string line, out string? problem)
    {
        problem = null;
        try
        {
            var entry = JsonSerializer.Deserialize(line, LedgerJson.Default.LedgerEntry);
            if (entry is { Hash: not null, Previous: not null } && line.Length > SealLength && line.EndsWith(Seal(HashOf(line[..^SealLength])), StringComparison.Ordinal))
            {
                return entry;
            }
            problem = "was changed after it was written: its hash does not fit";
        }
        catch (JsonException e)
        {
            problem = $"is not a ledger line: {e.Message}";
        }
        return null;
    }

    private static string Seal(string hash) => $",\"hash\":\"{hash}\"}}";

    private static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
