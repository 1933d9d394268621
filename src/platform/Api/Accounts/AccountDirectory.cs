using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <summary>What administrators and operators' tools do with accounts: one place, two doors.</summary>
internal sealed class AccountDirectory(AccountState accounts, CourseState courses, StudentLookup students, SignInLinks links, AccountAudit audit)
{
    /// <summary>Who did it, when it came with the operator's token.</summary>
    public const string Operator = "operator";

    public async Task<AccountView[]> ListAsync()
    {
        var names = (await courses.AllAsync()).ToDictionary(course => course.Id, course => course.Name);
        return [.. (await accounts.AllAsync()).Select(account => new AccountView(
            account.User, account.IsAdmin,
            [.. account.Memberships.Where(membership => names.ContainsKey(membership.Key)).Select(membership => new Membership(
                membership.Key, names[membership.Key], membership.Value.Role, membership.Value.Sections, membership.Value.Student))],
            account.Created, account.LastSeen))];
    }

    /// <summary>Makes the account or adds a role to it, and gives a link to sign in with.</summary>
    /// <param name="by">Account name of the administrator, or <see cref="Operator"/>: for the log.</param>
    public async Task<SignInLink> AddAsync(NewAccount request, string by)
    {
        var user = AccountName.Parse(request.User ?? "");
        var course = request.Role == Role.Admin ? null : await CourseAsync(request);
        await accounts.GrantAsync(user, request.Role == Role.Admin, course?.Id, course is null ? null : await MembershipAsync(request, course));
        audit.Granted(user, request.Role, course?.Id, by);
        return await LinkAsync(user, by);
    }

    public async Task RemoveAsync(string user, string by)
    {
        if (!await accounts.RemoveAsync(AccountName.Normalize(user)))
            throw Unknown(user);
        audit.Removed(AccountName.Normalize(user), by);
    }

    public async Task<SignInLink> LinkAsync(string user, string by) =>
        await links.MakeAsync(await accounts.FindAsync(AccountName.Normalize(user)) ?? throw Unknown(user), by);

    private async Task<CourseRecord> CourseAsync(NewAccount request)
    {
        if (string.IsNullOrWhiteSpace(request.Course))
            throw ApiError.Invalid($"A {request.Role} needs a course", "Give the course's name or id; only administrators have none");
        return request.Role == Role.Professor
            ? await courses.EnsureAsync(request.Course)
            : await courses.FindAsync(CourseId.From(request.Course))
                ?? throw ApiError.NotFound($"There is no course \"{request.Course}\"", "Import its gradebook or add its professor first");
    }

    private async Task<MembershipRecord> MembershipAsync(NewAccount request, CourseRecord course)
    {
        string[] sections = [.. (request.Sections ?? []).Select(section => section.Trim()).Where(section => section.Length > 0).Distinct()];
        return request.Role switch
        {
            Role.TA when sections.Length == 0 =>
                throw ApiError.Invalid("A TA needs at least one section", "Name the sections as they stand in the gradebook, for example \"A\""),
            Role.TA => new MembershipRecord(Role.TA, sections, null),
            Role.Student => new MembershipRecord(Role.Student, [], await students.MustFindAsync(course, request.Student)),
            _ => new MembershipRecord(Role.Professor, [], null),
        };
    }

    private static ApiError Unknown(string user) => ApiError.NotFound($"There is no account \"{user}\"", "List the accounts to see their names");
}
