using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Provost.Api.Accounts;
using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api;

/// <summary>How every record of the wire and of the state is written; no reflection at run time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(AccountView[]))]
[JsonSerializable(typeof(AssessmentDistribution[]))]
[JsonSerializable(typeof(BacktestCard))]
[JsonSerializable(typeof(BandChoice))]
[JsonSerializable(typeof(CourseChange))]
[JsonSerializable(typeof(CourseOverview))]
[JsonSerializable(typeof(CourseRecord))]
[JsonSerializable(typeof(CourseSettings))]
[JsonSerializable(typeof(CourseSummary))]
[JsonSerializable(typeof(CourseSummary[]))]
[JsonSerializable(typeof(DrainNotice))]
[JsonSerializable(typeof(ErasureLine))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(Fence))]
[JsonSerializable(typeof(FenceEnd))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(ImportPreview))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ImportReport[]))]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(ImportSummary[]))]
[JsonSerializable(typeof(InstallationHealth))]
[JsonSerializable(typeof(ItemQualityView))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(LinkSignIn))]
[JsonSerializable(typeof(MembershipRecord))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(OperatorVersion))]
[JsonSerializable(typeof(PasswordChange))]
[JsonSerializable(typeof(PasswordSignIn))]
[JsonSerializable(typeof(PersonName))]
[JsonSerializable(typeof(SessionRecord))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SignInLink))]
[JsonSerializable(typeof(StandingView))]
[JsonSerializable(typeof(StoredCalibration))]
[JsonSerializable(typeof(StudentView))]
internal sealed partial class ApiJson : JsonSerializerContext;
