namespace Provost.Analytics.Cells;

/// <summary>When the assessments of a course lie.</summary>
/// <param name="Order">Columns in order of due day; a column without a due day stays behind its neighbour.</param>
/// <param name="DueDays">In order of time: days since the course's start; NaN when unknown.</param>
/// <param name="Weeks">In order of time: weeks since the course's start; 0, 1, 2 ... when due days are unknown.</param>
/// <param name="PerWeek">True when every assessment has a due day and they differ: only then are slopes per week.</param>
internal sealed record CourseTime(int[] Order, double[] DueDays, double[] Weeks, bool PerWeek)
{
    public static CourseTime Of(IReadOnlyList<Assessment> assessments)
    {
        var k = assessments.Count;
        var order = new int[k];
        var keys = new double[k];
        var latest = double.NegativeInfinity;
        for (var j = 0; j < k; j++)
        {
            var due = DueDay(assessments[j]);
            order[j] = j;
            keys[j] = double.IsNaN(due) ? latest : due;
            latest = keys[j];
        }

        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        var days = new double[k];
        for (var p = 0; p < k; p++)
            days[p] = DueDay(assessments[order[p]]);
        var perWeek = k > 1 && !Array.Exists(days, double.IsNaN) && days[0] < days[^1];
        var weeks = new double[k];
        for (var p = 0; p < k; p++)
            weeks[p] = perWeek ? days[p] / 7 : p;
        return new(order, days, weeks, perWeek);
    }

    private static double DueDay(Assessment assessment) =>
        assessment.DueDay is { } day && double.IsFinite(day) ? day : double.NaN;
}
