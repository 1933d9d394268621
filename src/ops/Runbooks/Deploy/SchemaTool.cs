using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Releases;

namespace Provost.Runbooks.Deploy;

/// <summary>The schema as it is in the store.</summary>
/// <param name="Contracts">Contract migrations that ran, with their numbers: "0007-drop-legacy.contract".</param>
/// <param name="Pending">What the asked release would still expand; null when it is too old to say.</param>
internal sealed record SchemaState(int Version, IReadOnlyList<string> Contracts, IReadOnlyList<string> Applied, IReadOnlyList<string>? Pending = null)
{
    public bool IsExpanded => Pending is { Count: 0 };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SchemaState))]
internal sealed partial class SchemaJson : JsonSerializerContext;

/// <summary>A release's own migrations: how they are asked, what they answer, and which release may run on which schema.</summary>
internal static class SchemaTool
{
    public static readonly string[] Look = ["migrate", "--look"];
    public static readonly string[] Expand = ["migrate"];
    public static readonly string[] Contract = ["migrate", "--contract"];

    /// <summary>Why a release cannot run on a schema: what it lacks, or what was taken away that it still needs. Null when it can.</summary>
    public static OperationError? Refusal(ReleaseManifest manifest, SchemaState schema)
    {
        var unknown = schema.Contracts.Where(c => int.TryParse(c.Split('-')[0], out var number) && number > manifest.Schema.Maximum).ToList();
        return unknown.Count == 0 ? null : new OperationError(
            ErrorKind.Refused, $"{manifest.Release} cannot run any more: it knows the schema up to {manifest.Schema.Maximum}, and {string.Join(", ", unknown)} removed what it may still read",
            "deploy a newer release, or restore a backup from before that migration", [.. unknown.Select(c => $"contract migration {c} has run")]);
    }

    /// <summary>Why a release cannot run though its migrations have: what it needs besides comes only by a contract migration. Null when it can.</summary>
    public static OperationError? Behind(string release, SchemaRange range, SchemaState schema) => schema.Version >= range.Minimum ? null : new OperationError(
        ErrorKind.Refused, $"{release} needs the schema {range.Minimum}, and the store has {schema.Version}: a contract migration has not run",
        "contract the schema with the release that runs, then deploy this one: provost deploy --contract", [.. schema.Applied.Select(m => $"migration {m} has run")]);

    /// <summary>What the api's program said.</summary>
    public static SchemaState Read(string release, int exitCode, IReadOnlyList<string> lines) =>
        exitCode == 0 && lines.LastOrDefault(l => l.StartsWith('{')) is { } answer && JsonSerializer.Deserialize(answer, SchemaJson.Default.SchemaState) is { } schema ? schema
            : throw new OperationError(
                ErrorKind.Failed, $"the migrations of {release} failed (exit code {exitCode})", "the stores are as they were: correct what is said above, then deploy again",
                [.. lines.TakeLast(20).Select(Condensed)]);

    private static string Condensed(string line)
    {
        var parsed = Logs.LogLine.Parse("api", line);
        return $"{parsed.Level} {parsed.Text.Split('\n')[0]}".Trim();
    }
}
