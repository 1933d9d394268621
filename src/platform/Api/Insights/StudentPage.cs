using Provost.Analytics.Cells;
using Provost.Analytics.Forecasts;
using Provost.Api.Courses;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>One student, for a teacher and for himself or herself.</summary>
internal static class StudentPage
{
    /// <summary>Below this many students no figure of the class is shown to one of them.</summary>
    public const int SmallestClass = 10;

    private const int NextItems = 5;

    public static StudentView Build(CourseRecord course, Role role, ComputedCourse computed, int i, string? name)
    {
        var insights = computed.Insights.Students[i];
        var steadiness = insights.Consistency;
        return new StudentView(
            course.For(role), computed.Students[i].Key, name, computed.Students[i].Section, OverviewView.Row(computed, i) with { Name = name },
            Cells(course, computed, i), insights.Trend.Slope.ToWire(), insights.Trend.LeastSquares.ToWire(),
            new ConsistencyView(steadiness.StandardDeviation.ToWire(), steadiness.Rmssd.ToWire(), steadiness.Score.ToWire(), steadiness.Streak),
            insights.Submission.ToWire(), insights.Forecast.ToWire(), course.Settings.Start);
    }

    public static StandingView BuildStanding(CourseRecord course, ComputedCourse computed, int i, string? name, bool bandOptIn)
    {
        // A student may know a band, on request; no median of the class leaves the server.
        var insights = computed.Insights.Students[i];
        StudentCell[] cells = [.. Cells(course, computed, i).Select(cell => cell with { ClassMedian = null })];
        StudentCell[] next = [.. cells
            .Where(cell => cell.State == "notDue" && (cell.DueDay is null || cell.DueDay >= computed.Grid.AsOfDay))
            .OrderBy(cell => cell.DueDay ?? double.MaxValue).Take(NextItems)];
        var model = Model(computed);
        return new StandingView(
            course.For(Role.Student), computed.Students[i].Key, name, cells, ForecastFor(course, computed, i, model).ToWire(), insights.Trend.Slope.ToWire(),
            insights.Submission.ToWire(), bandOptIn ? Band(computed, i) : null, bandOptIn, next, course.Settings,
            Wire.Finite(computed.Grid.AsOfDay), model, computed.Calibration.ToWire());
    }

    // In a class of a few, the aggregates would say something about the others. Without a pull to it, nobody needs the class mean.
    private static ClassModel? Model(ComputedCourse computed) =>
        computed.Insights.ForecastModel is { IsKnown: true } model && computed.Grid.Students.Count >= SmallestClass
            ? new ClassModel(computed.Calibration.Rest.Shrinkage == 0 ? 0 : model.ClassMean, model.BetweenVariance, model.WithinVariance, model.N)
            : null;

    // What is kept from the browser is kept from the forecast too: the two agree, and neither tells of the few.
    private static Forecast ForecastFor(CourseRecord course, ComputedCourse computed, int i, ClassModel? shown) => shown is null
        ? StudentWhatIf.Compute(
            computed.Grid.Assessments, computed.Grid.Row(i), computed.Grid.AsOfDay, new Dictionary<int, double>(), InsightQueries.Policy(course),
            ForecastModel.None, computed.Calibration)
        : computed.Insights.Students[i].Forecast;

    /// <summary>The k cells of one student.</summary>
    public static StudentCell[] Cells(CourseRecord course, ComputedCourse computed, int i) =>
        [.. computed.Grid.Assessments.Select((assessment, j) => Cell(
            assessment, computed.Grid[i, j], course.Settings.GraceDays, Median(computed, j)))];

    public static StudentCell Cell(Assessment assessment, Cell cell, double graceDays, double? classMedian)
    {
        var isGraded = cell.State == CellState.Graded;
        return new StudentCell(
            assessment.Id, assessment.Name, assessment.Kind, StateName(cell.State), isGraded ? Wire.Finite(cell.Score) : null,
            isGraded ? Wire.Finite(cell.Score * assessment.MaxScore / 100) : null, assessment.MaxScore, assessment.Weight, assessment.DueDay,
            cell.SubmittedDay, cell.SubmittedDay > assessment.DueDay + graceDays && !cell.Transferred, classMedian, assessment.ExtraCredit);
    }

    public static string StateName(CellState state) => state switch
    {
        CellState.Graded => "graded",
        CellState.Missing => "missing",
        CellState.Excused => "excused",
        CellState.Pending => "pending",
        _ => "notDue",
    };

    private static double? Median(ComputedCourse computed, int j) =>
        computed.Insights.Assessments[j] is { Graded: >= SmallestClass, Scores.Median: { HasValue: true } median } ? median.Value : null;

    private static string? Band(ComputedCourse computed, int i)
    {
        var marks = computed.Insights.Students.Where(student => student.CurrentMark.HasValue).Select(student => student.CurrentMark.Value).ToArray();
        if (marks.Length < SmallestClass || !computed.Insights.Students[i].CurrentMark.HasValue)
            return null;
        var own = computed.Insights.Students[i].CurrentMark.Value;
        var midRank = (marks.Count(mark => mark < own) + (0.5 * marks.Count(mark => mark.Equals(own)))) / marks.Length;
        return midRank switch
        {
            >= 2 / 3d => "upper third",
            >= 1 / 3d => "middle third",
            _ => "lower third",
        };
    }
}
