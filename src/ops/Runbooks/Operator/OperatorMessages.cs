using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Runbooks.Operator;

/// <summary>An account as the platform lists it.</summary>
public sealed record Account(string User, bool IsAdmin, IReadOnlyList<AccountMembership> Memberships, DateTimeOffset Created, DateTimeOffset? LastSeen);

public sealed record AccountMembership(string Course, string CourseName, string Role, IReadOnlyList<string> Sections, string? Student);

/// <param name="Role">Student, TA, Professor or Admin.</param>
public sealed record AccountRequest(string User, string Role, string? Course, IReadOnlyList<string>? Sections, string? Student);

/// <param name="SignInUrl">Good for one sign-in, until it expires.</param>
public sealed record SignIn(string User, string SignInUrl, DateTimeOffset Expires);

/// <summary>How far an import is.</summary>
public sealed record ImportState(string Course, string Phase, long BytesRead, long BytesTotal, int Rows);

/// <summary>What the platform says when it refuses.</summary>
/// <param name="Line">Of the file that was sent, from 1.</param>
/// <param name="Column">Name of the column, as the file has it.</param>
public sealed record ProblemAnswer(string? Title, string? Detail, int? Status, long? Line, string? Column);

/// <summary>One line of an import's progress.</summary>
/// <param name="Reports">Instead of one report: a folder holds many courses.</param>
public sealed record ImportLine(ImportState? Progress, JsonElement? Report, JsonElement? Reports, ProblemAnswer? Problem);

/// <summary>The demonstration course.</summary>
public sealed record DemonstrationCourse(string Id, string Name);

/// <summary>Commits are held back on so many replicas.</summary>
public sealed record FenceAnswer(string Token, int Replicas, double Milliseconds);

/// <param name="Held">Whether it was up until now on every replica.</param>
public sealed record FenceEndAnswer(bool Held, double StalledMilliseconds);

/// <summary>What the platform says about itself.</summary>
public sealed record PlatformVersion(string Release, int Schema, int SchemaMinimum, int SchemaMaximum);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Account[]))]
[JsonSerializable(typeof(AccountRequest))]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(DemonstrationCourse))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(FenceAnswer))]
[JsonSerializable(typeof(FenceEndAnswer))]
[JsonSerializable(typeof(PlatformVersion))]
public sealed partial class OperatorJson : JsonSerializerContext;
