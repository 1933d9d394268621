using Provost.Contracts;

namespace Provost.Api.Courses;

/// <summary>One change of a course: everything in it takes effect together or not at all.</summary>
/// <param name="From">The record that the change was based on.</param>
/// <param name="To">The record after it; sequence and commit mark are filled in.</param>
/// <param name="Kind">import, settings or erasure.</param>
/// <param name="Text">What the live message says; every member of the course reads it.</param>
internal sealed record CourseCommit(CourseRecord From, CourseRecord To, string Kind, string Text)
{
    /// <summary>Encrypted names to set, by student key.</summary>
    public IReadOnlyDictionary<string, byte[]> Names { get; init; } = new Dictionary<string, byte[]>();

    public ImportSummary? Import { get; init; }
}
