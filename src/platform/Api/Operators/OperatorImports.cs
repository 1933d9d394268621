using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Operators;

/// <summary>Imports by operators' tools: they make the course when there is none.</summary>
internal sealed class OperatorImports(CourseState courses, Importer importer)
{
    public async Task<ImportReport> ImportAsync(string? course, Gradebook gradebook, string file, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(course))
            throw ApiError.Invalid("The course's name is missing", "Add ?course=NAME, for example --course \"MATH 101\"");
        var record = await courses.EnsureAsync(course);
        return await importer.ImportAsync(new ImportOrder(record.Id, gradebook, file, "operator"), cancellation);
    }

    /// <summary>One course per presentation, named by the file.</summary>
    public async Task<ImportReport[]> ImportAllAsync(
        IReadOnlyList<Gradebook> gradebooks, string file, Action<ImportProgress>? report, CancellationToken cancellation)
    {
        var reports = new List<ImportReport>();
        foreach (var gradebook in gradebooks)
        {
            report?.Invoke(new ImportProgress(gradebook.CourseName ?? "", "saving", reports.Count, gradebooks.Count, gradebook.Students.Count));
            reports.Add(await ImportAsync(gradebook.CourseName, gradebook, file, cancellation));
        }

        return [.. reports];
    }
}
