using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Operator;

namespace Provost.Cli.Output;

internal sealed record ErrorAnswer(ErrorDetail Error, int ExitCode);

internal sealed record ErrorDetail(string What, string Remedy, IReadOnlyList<string> Details, IReadOnlyList<ProblemDetail>? Problems = null);

internal sealed record ProblemDetail(string File, int Line, int Column, string Key, string Problem, string Remedy);

internal sealed record StatusAnswer(
    string Installation, bool Healthy, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Release, Dictionary<string, string> Urls, bool AgentRuns, IReadOnlyList<ServiceAnswer> Services,
    BackupHealth? Backup = null, RegistryHealth? Registry = null);

internal sealed record ServiceAnswer(string Name, IReadOnlyList<ReplicaAnswer> Replicas);

internal sealed record ReplicaAnswer(
    string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Pid, bool Ready, int Restarts, long RssBytes, string Phase, string? Problem);

internal sealed record UpAnswer(string Installation, string Release, Dictionary<string, string> Urls, bool Healthy, double Seconds, IReadOnlyList<SignIn> SignIn, string? TrustCertificate);

internal sealed record PlanAnswer(string Title, IReadOnlyList<string> Steps);

internal sealed record DoneAnswer(string Installation, string Done);

internal sealed record UserAnswer(string User, string SignInUrl, DateTimeOffset Expires);

internal sealed record ValidAnswer(string File, bool Valid);

internal sealed record VersionAnswer(string Version, string? Release, string Runtime);

internal sealed record DoctorAnswer(bool Healthy, IReadOnlyList<Finding> Findings);

internal sealed record LogAnswer(string Replica, DateTimeOffset? At, string? Level, string Text);

internal sealed record OpenAnswer(string Url);

internal sealed record CompletionAnswer(string Shell, string Script);

[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(UpAnswer))]
[JsonSerializable(typeof(PlanAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(ValidAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(DoctorAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(CompletionAnswer))]
[JsonSerializable(typeof(Account[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    /// <summary>Readable: addresses keep their slashes and ampersands.</summary>
    public static AnswerJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
