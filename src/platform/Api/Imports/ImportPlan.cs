using Provost.Analytics.Cells;
using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Contracts;
using Provost.Gradebooks;
using IgnoredColumn = Provost.Contracts.IgnoredColumn;

namespace Provost.Api.Imports;

/// <summary>What an import would do to a course as it stands: computed the same way for a preview and for the import itself.</summary>
/// <param name="Course">The record that the plan is based on.</param>
/// <param name="Merged">The course's content afterwards.</param>
/// <param name="Names">Names that are new or different.</param>
/// <param name="Absent">Students of the course whom the file does not mention.</param>
/// <param name="AsOfDay">Day that the course's data describe afterwards.</param>
internal sealed record ImportPlan(
    CourseRecord Course, Gradebook Gradebook, Incoming Incoming, Snapshot Before, Snapshot Merged,
    IReadOnlyDictionary<string, PersonName> Names, IReadOnlyList<AbsentStudent> Absent, double? AsOfDay, string Digest)
{
    /// <summary>Who is absent from the file leaves the course.</summary>
    public bool RemovesAbsent { get; init; }

    public bool Changed => Digest != Course.Digest || Names.Count > 0;

    public CellCounts Counts
    {
        get
        {
            var states = Incoming.Snapshot.AsOf(AsOfDay, Course.Settings.GraceDays);
            Span<int> counts = stackalloc int[5];
            for (var i = 0; i < states.Students.Count; i++)
                foreach (var cell in states.Row(i))
                    counts[(int)cell.State]++;
            return new CellCounts(
                counts[(int)CellState.Graded], counts[(int)CellState.Missing], counts[(int)CellState.Excused],
                counts[(int)CellState.Pending], counts[(int)CellState.NotDue]);
        }
    }

    public ImportReport Report(long version)
    {
        var known = Before.Students.Select(student => student.Key).ToHashSet();
        var warnings = Incoming.LeftOut == 0 ? Gradebook.Warnings : [.. Gradebook.Warnings, LeftOut(Incoming.LeftOut)];
        return new ImportReport(
            Course.Id, Gradebook.Format, Gradebook.Encoding, Gradebook.Delimiter, Incoming.Snapshot.Students.Count, Incoming.Snapshot.Assessments.Count, Counts,
            Guesses, [.. Gradebook.IgnoredColumns.Select(column => new IgnoredColumn(column.Name, column.Reason))], warnings, Changed,
            Incoming.Snapshot.Students.Count(student => !known.Contains(student.Key)), Changed ? Merged.DifferencesFrom(Before) : 0, version, Absent, RemovesAbsent);
    }

    private IReadOnlyList<string> Guesses => Absent.Count == 0 ? Gradebook.Guesses : [.. Gradebook.Guesses, WhatBecomesOfAbsent()];

    private string WhatBecomesOfAbsent()
    {
        var who = Absent.Count == 1 ? "1 student of the course is not in this file" : $"{Absent.Count} students of the course are not in this file";
        return $"{who}: {(RemovesAbsent ? "removed from the course" : "kept, with the marks known so far")}";
    }

    private static string LeftOut(int count) => count == 1
        ? "1 student was erased earlier and is left out"
        : $"{count} students were erased earlier and are left out";
}
