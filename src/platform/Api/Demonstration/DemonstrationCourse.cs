using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Demonstration;

/// <summary>Loads the demonstration course once; whoever has changed it since keeps the changes.</summary>
internal sealed class DemonstrationCourse(CourseState courses, Importer importer)
{
    public async Task<CourseSummary> LoadAsync(CancellationToken cancellation)
    {
        var course = await courses.EnsureAsync(DemonstrationGradebook.Course);
        if (course.IsEmpty)
            await importer.ImportAsync(
                new ImportOrder(course.Id, DemonstrationGradebook.Make(), "demonstration.csv", "operator", Demonstration: true), cancellation);
        return (await importer.FindAsync(course.Id)).For(Role.Admin);
    }
}
