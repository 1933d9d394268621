using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Provost.Runbooks.Ledgers;

/// <summary>What was done, before it has its place in the ledger.</summary>
/// <param name="Verb">As typed: "deploy", "backup create", "drill restore".</param>
/// <param name="Subject">What it was done to: a release, a backup.</param>
/// <param name="Result">"done", "failed", "returned": one word.</param>
/// <param name="Details">Figures and reasons. Never a secret.</param>
public sealed record LedgerRecord(string Verb, string Subject, string Result, double Seconds, JsonObject? Details = null);

/// <summary>One line of the ledger.</summary>
/// <param name="Number">Counts from 1 without a gap.</param>
/// <param name="Who">User and machine.</param>
/// <param name="Previous">Hash of the line before; zeros for the first.</param>
/// <param name="Hash">SHA-256 of this line without the hash itself.</param>
public sealed record LedgerEntry(
    long Number, DateTimeOffset At, string Who, string Verb, string Subject, string Result, double Seconds, JsonObject? Details, string Previous, string Hash);

/// <summary>What a check of the whole ledger found.</summary>
/// <param name="Line">The first line that does not hold; null when all do.</param>
public sealed record LedgerVerification(bool Whole, long Entries, string Head, long? Line, string? Problem);

/// <summary>How far the ledger went when it was last written: shows a missing end.</summary>
internal sealed record LedgerHead(long Number, string Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(LedgerHead))]
internal sealed partial class LedgerJson : JsonSerializerContext;
