using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Restoring;

namespace Provost.Cli.Output;

/// <summary>How the verbs of backups answer with --json.</summary>
[JsonSerializable(typeof(CreatedBackup))]
[JsonSerializable(typeof(IReadOnlyList<ListedBackup>))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(RestoredBackup))]
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
