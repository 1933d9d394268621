using Provost.Api.Courses;
using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <param name="User">Normalised name: lower case.</param>
/// <param name="Stamp">Changes with the password; sessions and links carry it and die with it.</param>
/// <param name="Memberships">By course id.</param>
internal sealed record AccountRecord(
    string User, bool IsAdmin, string Stamp, string? PasswordHash, DateTimeOffset Created, DateTimeOffset? LastSeen,
    IReadOnlyDictionary<string, MembershipRecord> Memberships);

/// <param name="Sections">The TA's own sections.</param>
/// <param name="Student">The student's key.</param>
internal sealed record MembershipRecord(Role Role, string[] Sections, string? Student);

/// <summary>What a session id or a one-time link stands for.</summary>
internal sealed record SessionRecord(string User, string Stamp);

/// <summary>What one request needs to know of the state.</summary>
/// <param name="Account">Null when nobody is signed in.</param>
/// <param name="Course">The course of the address; null when there is none.</param>
/// <param name="FinishedStamp">Grows when a finished course changes.</param>
internal sealed record RequestState(AccountRecord? Account, CourseRecord? Course, long FinishedStamp);
