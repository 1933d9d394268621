using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Ledgers;

namespace Provost.Cli.Output;

internal sealed record LockAnswer(bool Held, string? Owner, string? Purpose, int? Pid, DateTimeOffset? Taken, DateTimeOffset? Heartbeat, string? Abandoned);

internal sealed record LedgerAnswer(bool Whole, long Entries, string Head, long? Line, string? Problem);

internal sealed record MaintenanceAnswer(bool On, string? Message, int? RetryAfterSeconds);

[JsonSerializable(typeof(LockAnswer))]
[JsonSerializable(typeof(MaintenanceAnswer))]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(IReadOnlyList<LedgerEntry>))]
internal sealed partial class OperationJson : JsonSerializerContext
{
    public static OperationJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
