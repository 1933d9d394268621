using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Contracts;

namespace Provost.Web.Transport;

/// <summary>Generated readers and writers of every record on the wire: no reflection in the browser.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(PasswordSignIn))]
[JsonSerializable(typeof(LinkSignIn))]
[JsonSerializable(typeof(PasswordChange))]
[JsonSerializable(typeof(IReadOnlyList<AccountView>))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(SignInLink))]
[JsonSerializable(typeof(IReadOnlyList<CourseSummary>))]
[JsonSerializable(typeof(CourseOverview))]
[JsonSerializable(typeof(CourseSettings))]
[JsonSerializable(typeof(ItemQualityView))]
[JsonSerializable(typeof(IReadOnlyList<AssessmentDistribution>))]
[JsonSerializable(typeof(StudentView))]
[JsonSerializable(typeof(StandingView))]
[JsonSerializable(typeof(BandChoice))]
[JsonSerializable(typeof(ImportPreview))]
[JsonSerializable(typeof(IReadOnlyList<ImportSummary>))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(InstallationHealth))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(CourseChange))]
[JsonSerializable(typeof(DrainNotice))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class WireJson : JsonSerializerContext;

/// <summary>ProblemDetails as the Api sends them.</summary>
internal sealed record ProblemBody(
    string? Title, string? Detail, int? Status, long? Line, string? Column, IReadOnlyDictionary<string, string[]>? Errors);
