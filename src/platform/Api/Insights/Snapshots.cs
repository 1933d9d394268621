using Provost.Api.Courses;
using Provost.Api.Facts;

namespace Provost.Api.Insights;

/// <summary>Current contents of courses, read from the facts once per version.</summary>
internal sealed class Snapshots(SnapshotFacts facts, InsightCache cache)
{
    public async Task<Snapshot> ReadAsync(CourseRecord course, CancellationToken cancellation = default)
    {
        if (course.IsEmpty)
            return Snapshot.Empty;
        return await cache.GetAsync(course.Id, Key(course), async () =>
        {
            var snapshot = await facts.ReadAsync(course.Id, course.Snapshot, CancellationToken.None);
            return (snapshot, Size(snapshot));
        }).WaitAsync(cancellation);
    }

    public void Keep(CourseRecord course, Snapshot snapshot) => cache.Keep(course.Id, Key(course), snapshot, Size(snapshot));

    private static string Key(CourseRecord course) => $"snapshot|{course.Id}|{course.Snapshot}|{course.Version}";

    private static long Size(Snapshot snapshot) => (snapshot.Cells.Length * 48L) + (snapshot.Students.Count * 200L) + 1024;
}
