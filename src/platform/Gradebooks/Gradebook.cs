using Provost.Analytics.Cells;

namespace Provost.Gradebooks;

/// <summary>One course as a file described it: the same shape whatever system exported it.</summary>
/// <param name="Format">blackboard, canvas, moodle, brightspace, googleClassroom, oulad, provost or sheet.</param>
/// <param name="CourseName">When the file names it (OULAD: "AAA 2013J"); null otherwise.</param>
/// <param name="Cells">n students x k assessments, row by row.</param>
/// <param name="AsOfDay">Day that the file describes, relative to the course's start; null when the file has no dates.</param>
/// <param name="Guesses">Every decision that the file did not state, in plain words.</param>
/// <param name="IgnoredColumns">Columns that are not assessments, each with the reason.</param>
/// <param name="Warnings">What was left out, with line and column.</param>
public sealed record Gradebook(
    string Format,
    string Encoding,
    string Delimiter,
    string? CourseName,
    IReadOnlyList<Assessment> Assessments,
    IReadOnlyList<GradebookStudent> Students,
    Cell[] Cells,
    double? AsOfDay,
    IReadOnlyList<string> Guesses,
    IReadOnlyList<IgnoredColumn> IgnoredColumns,
    IReadOnlyList<string> Warnings);

/// <param name="SourceId">Unique within the file: the source system's id, else login, else e-mail, else the name.</param>
/// <param name="Section">One section, or several joined by <see cref="SectionSeparator"/>.</param>
/// <param name="FinalResult">How the course ended for this student, where the source says so (OULAD).</param>
/// <param name="UnregisteredDay">Day of withdrawal relative to the course's start; null when the student stayed.</param>
public sealed record GradebookStudent(
    string SourceId,
    string Name,
    string? Email = null,
    string? Login = null,
    string? Section = null,
    FinalResult? FinalResult = null,
    double? UnregisteredDay = null)
{
    /// <summary>Between the sections of a student who is in more than one.</summary>
    public const string SectionSeparator = "; ";

    /// <summary>Each section by itself; empty when the file names none.</summary>
    public IReadOnlyList<string> Sections => Section is null ? [] : Section.Split(SectionSeparator);
}

public enum FinalResult { Pass, Distinction, Fail, Withdrawn }

public sealed record IgnoredColumn(string Name, string Reason);
