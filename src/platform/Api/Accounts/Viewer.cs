using System.Reflection;
using Provost.Api.Courses;
using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <summary>Who asks, as the state knows him or her at this moment, and the course that the address names.</summary>
/// <param name="Session">Hash of the session's id.</param>
internal sealed record Viewer(AccountRecord Account, string Session, CourseRecord? Course, long FinishedStamp) : IBindableFromHttpContext<Viewer>
{
    public string User => Account.User;

    /// <summary>The viewer's place in the addressed course; null without one.</summary>
    public MembershipRecord? Membership => Course is null ? null : Account.Memberships.GetValueOrDefault(Course.Id);

    /// <summary>Only where the endpoint is declared for roles of the course: authorisation has seen to it.</summary>
    public CourseRecord OpenCourse => Course ?? throw new InvalidOperationException("The endpoint is not declared for a role in a course");

    public Role Role => Membership?.Role ?? throw new InvalidOperationException("The endpoint is not declared for a role in a course");

    public static ValueTask<Viewer?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<Viewer>());
}
