using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Provost.Contracts;

public sealed record CellCounts(int Graded, int Missing, int Excused, int Pending, int NotDue);

/// <summary>What an import did, or would do (preview).</summary>
/// <param name="Format">blackboard, canvas, moodle, brightspace, googleClassroom, oulad, provost or sheet.</param>
/// <param name="Guesses">Every decision that the file did not state, in plain words.</param>
/// <param name="IgnoredColumns">Columns that are not assessments, each with the reason.</param>
/// <param name="Warnings">Rows or cells that were left out, with line and column.</param>
/// <param name="Changed">False when the course already held exactly this.</param>
/// <param name="Absent">Students of the course whom the file does not mention.</param>
/// <param name="RemovesAbsent">They leave the course; otherwise they stay as they were.</param>
public sealed record ImportReport(
    string Course, string Format, string Encoding, string Delimiter, int Students, int Assessments, CellCounts Cells,
    IReadOnlyList<string> Guesses, IReadOnlyList<IgnoredColumn> IgnoredColumns, IReadOnlyList<string> Warnings, bool Changed,
    int AddedStudents, int ChangedCells, long Version, IReadOnlyList<AbsentStudent>? Absent = null, bool RemovesAbsent = false);

/// <param name="Student">The student's key in the course (pseudonym).</param>
/// <param name="Name">Null when the caller may not see names or they were erased.</param>
public sealed record AbsentStudent(string Student, string? Name);

public sealed record IgnoredColumn(string Name, string Reason);

/// <summary>The report and the first rows as they were understood.</summary>
public sealed record ImportPreview(ImportReport Report, IReadOnlyList<AssessmentSummary> Assessments, IReadOnlyList<PreviewRow> Rows);

public sealed record PreviewRow(string Name, string? Section, IReadOnlyList<StudentCell> Cells);

public sealed record ImportSummary(string Id, string File, string Format, DateTimeOffset At, string By, int Students, int Assessments, CellCounts Cells, long Version);

/// <param name="Phase">reading, saving or done.</param>
public sealed record ImportProgress(string Course, string Phase, long BytesRead, long BytesTotal, int Rows);

/// <summary>
/// One line of an answer in application/x-ndjson: progress while it runs, then either the result or a ProblemDetails object.
/// Exactly one property is set.
/// </summary>
/// <param name="Report">What the same request answers without lines: an ImportReport, an ImportPreview, or an array of reports.</param>
public sealed record ImportLine(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImportProgress? Progress = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Report = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonObject? Problem = null);
