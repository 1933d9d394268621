using System.Text.Json.Serialization;

namespace Provost.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
public enum Role { Student, TA, Professor, Admin }

/// <summary>Who is signed in. Sent with 401 semantics: an anonymous visitor gets a session with no user.</summary>
/// <param name="User">Account name; null when nobody is signed in.</param>
/// <param name="IsAdmin">Installation-wide administrator. Administrators see no student rows.</param>
/// <param name="Memberships">One entry per course.</param>
/// <param name="AntiforgeryToken">Send as the X-Provost-Antiforgery header with every request that changes something.</param>
/// <param name="Release">Version that the server runs, so that an old page can offer to reload.</param>
public sealed record SessionView(
    string? User, bool IsAdmin, IReadOnlyList<Membership> Memberships, string AntiforgeryToken, string Release, bool HasPassword);

/// <param name="Sections">The TA's own sections; empty for other roles.</param>
/// <param name="Student">The student's key in the course when Role is Student; null otherwise.</param>
public sealed record Membership(string Course, string CourseName, Role Role, IReadOnlyList<string> Sections, string? Student);

public sealed record PasswordSignIn(string User, string Password);

/// <param name="Token">From a one-time link; good for one use, until it expires.</param>
public sealed record LinkSignIn(string Token);

public sealed record PasswordChange(string? Current, string Replacement);

public sealed record AccountView(string User, bool IsAdmin, IReadOnlyList<Membership> Memberships, DateTimeOffset Created, DateTimeOffset? LastSeen);

/// <param name="Role">Admin is installation-wide and takes no course.</param>
/// <param name="Course">Course name or id; required unless Role is Admin.</param>
/// <param name="Sections">For a TA: the sections that he or she sees.</param>
/// <param name="Student">For a student: the student's id or e-mail as it stands in the gradebook.</param>
public sealed record NewAccount(string User, Role Role, string? Course, IReadOnlyList<string>? Sections, string? Student);

/// <param name="SignInUrl">Good for one sign-in, until Expires.</param>
public sealed record SignInLink(string User, string SignInUrl, DateTimeOffset Expires);
