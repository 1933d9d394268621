using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Pruning;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Drills;

namespace Provost.Cli.Output;

/// <param name="Applied">False when this is only the plan.</param>
internal sealed record PruneAnswer(bool Applied, IReadOnlyList<PrunedPlace> Places);

/// <param name="Removed">False when it was only shown.</param>
internal sealed record DiscardAnswer(bool Removed, IReadOnlyList<string> SetAside);

internal sealed record ReportAnswer(string Page);

/// <summary>How the verbs of backups answer with --json.</summary>
[JsonSerializable(typeof(CreatedBackup))]
[JsonSerializable(typeof(IReadOnlyList<ListedBackup>))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(SentErasures))]
[JsonSerializable(typeof(RestoredBackup))]
[JsonSerializable(typeof(DiscardAnswer))]
[JsonSerializable(typeof(FilledStores))]
[JsonSerializable(typeof(PruneAnswer))]
[JsonSerializable(typeof(RestoreDrillResult))]
[JsonSerializable(typeof(FailoverDrillResult))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(KitDocument))]
[JsonSerializable(typeof(IReadOnlyList<KitCheck>))]
internal sealed partial class BackupJson : JsonSerializerContext
{
    public static BackupJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
