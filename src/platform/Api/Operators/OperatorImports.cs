using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Operators;

/// <param name="Started">When its first byte was asked for.</param>
internal sealed record OperatorFile(string Name, long Started);

/// <summary>Imports by operators' tools: they make the course when there is none, and are told of students by their keys alone.</summary>
internal sealed class OperatorImports(CourseState courses, Importer importer)
{
    public async Task<ImportReport> ImportAsync(string? course, Gradebook gradebook, OperatorFile file, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(course))
            throw ApiError.Invalid("The course's name is missing", "Add ?course=NAME, for example --course \"MATH 101\"");
        var record = await courses.EnsureAsync(course);
        var report = await importer.ImportAsync(new ImportOrder(record.Id, gradebook, file.Name, "operator") { Started = file.Started }, cancellation);
        return report with { Absent = [.. (report.Absent ?? []).Select(student => student with { Name = null })] };
    }

    /// <summary>One course per presentation, named by the file.</summary>
    public async Task<ImportReport[]> ImportAllAsync(
        Upload upload, string file, Action<ImportProgress>? report, CancellationToken cancellation)
    {
        var reports = new List<ImportReport>();
        foreach (var gradebook in upload.Gradebooks)
        {
            report?.Invoke(new ImportProgress(gradebook.CourseName ?? "", "saving", reports.Count, upload.Gradebooks.Count, gradebook.Students.Count));
            reports.Add(await ImportAsync(gradebook.CourseName, gradebook, new OperatorFile(file, upload.Started), cancellation));
        }

        return [.. reports];
    }
}
