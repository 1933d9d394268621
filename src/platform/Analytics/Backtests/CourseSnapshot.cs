using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Backtests;

/// <summary>A finished course as it stood at the end of one day: nothing dated later is in <see cref="Table"/>.</summary>
internal sealed class CourseSnapshot
{
    /// <summary>Backtests count missing work 0 and give no grace: the data say what was late.</summary>
    public static InsightPolicy Policy { get; } = new();

    private readonly FinishedCourse course;
    private readonly int[] coursework;

    private CourseSnapshot(FinishedCourse course, int[] coursework, int[] numbers, ScoreTable table)
    {
        this.course = course;
        this.coursework = coursework;
        Numbers = numbers;
        Students = [.. numbers.Select(i => course.Students[i])];
        Table = table;
    }

    public ScoreTable Table { get; }

    /// <summary>For each row, the student's number in the course.</summary>
    public int[] Numbers { get; }

    /// <summary>For each row, how it ended.</summary>
    public FinishedStudent[] Students { get; }

    /// <summary>Coursework only, students who were still registered after the day.</summary>
    /// <param name="course">The whole course.</param>
    /// <param name="day">Cut-off, days since the course's start; what is dated up to and including it is known.</param>
    public static CourseSnapshot At(FinishedCourse course, double day)
    {
        var coursework = Coursework(course);
        var students = Enumerable.Range(0, course.Students.Count).Where(i => !(course.Students[i].UnregisteredDay <= day)).ToArray();
        var cells = new Cell[students.Length * coursework.Length];
        for (var row = 0; row < students.Length; row++)
        {
            for (var p = 0; p < coursework.Length; p++)
            {
                var column = coursework[p];
                cells[row * coursework.Length + p] = AsOf(day, course[students[row], column], course.Assessments[column]);
            }
        }

        var grid = new CellGrid(
            [.. students.Select(i => course.Students[i].Id)], [.. coursework.Select(j => course.Assessments[j])], cells, day);
        return new(course, coursework, students, new(grid));
    }

    /// <summary>Columns that are coursework: no exams, nothing that was never due for anybody.</summary>
    public static int[] Coursework(FinishedCourse course) =>
        [.. Enumerable.Range(0, course.Assessments.Count).Where(j =>
            course.Assessments[j].Kind != FinishedCourse.ExamKind
            && Enumerable.Range(0, course.Students.Count).Any(i => course[i, j].State is not (CellState.NotDue or CellState.Excused)))];

    /// <summary>What the student ended with: weighted mean of the coursework, missing = 0, per cent.</summary>
    public double FinalMark(int row)
    {
        double points = 0, weight = 0;
        for (var p = 0; p < Table.K; p++)
        {
            var cell = course[Numbers[row], coursework[Table.Order[p]]];
            if (cell.State == CellState.Excused)
                continue;
            weight += Table.Weights.Reach[p];
            points += ScoreTable.Readable(cell) == CellState.Graded ? Table.Weights.Adds[p] * cell.Score : 0;
        }

        return weight > 0 ? points / weight : double.NaN;
    }

    private static Cell AsOf(double day, Cell final, Assessment assessment)
    {
        if (final.State == CellState.Excused)
            return final;
        var handedIn = final.State is CellState.Graded or CellState.Pending;
        if (handedIn && (final.SubmittedDay ?? assessment.DueDay ?? double.PositiveInfinity) <= day)
            return final;
        return assessment.DueDay <= day ? Cell.Missing : Cell.NotDue;
    }
}
