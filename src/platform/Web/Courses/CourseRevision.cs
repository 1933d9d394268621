namespace Provost.Web.Courses;

/// <summary>Grows whenever an open course changed; what was fetched for an older number is fetched again.</summary>
public sealed record CourseRevision(long Number);
