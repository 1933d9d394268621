using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Items;
using Provost.Analytics.Reliability;
using Provost.Analytics.Risk;
using Provost.Contracts;
using Measured = Provost.Analytics.Estimate;

namespace Provost.Web.DevServer;

/// <summary>What the analytics say, as the records on the wire.</summary>
internal sealed class DevViews(CellGrid grid, CourseSummary summary, CourseSettings settings)
{
    private readonly CourseInsights insights = CourseInsights.Compute(
        grid, new InsightPolicy(settings.Capacity, settings.MissingCountsZero, settings.GraceDays), Calibration.Default);

    public CourseOverview Overview(string? section, BacktestCard? backtest)
    {
        var rows = Enumerable.Range(0, grid.Students.Count)
            .Where(student => section is null || SeededCourse.SectionOf(student) == section)
            .OrderBy(student => insights.Students[student].Risk.Rank is var rank && rank == 0 ? int.MaxValue : rank)
            .Select(Row).ToArray();
        return new CourseOverview(summary, grid.AsOfDay, Standing(rows), rows, Next(rows),
            [.. grid.Assessments.Select((_, item) => Summary(item, rows))], View(insights.Reliability), backtest);
    }

    public ItemQualityView Items() => new(summary, [.. grid.Assessments.Select((assessment, item) => Item(assessment, insights.Assessments[item].Item))], View(insights.Reliability));

    public AssessmentDistribution[] Distributions() =>
        [.. grid.Assessments.Select((assessment, item) => new AssessmentDistribution(assessment.Id, assessment.Name, View(insights.Assessments[item].Scores)))];

    public StudentView? Student(string key)
    {
        var student = Index(key);
        if (student < 0) return null;
        var of = insights.Students[student];
        var consistency = new ConsistencyView(Of(of.Consistency.StandardDeviation), Of(of.Consistency.Rmssd), Of(of.Consistency.Score), of.Consistency.Streak);
        return new StudentView(summary, key, SeededCourse.NameOf(student), SeededCourse.SectionOf(student), Row(student), Cells(student),
            Of(of.Trend.Slope), Of(of.Trend.LeastSquares), consistency, Submission(student), Forecast(student), settings.Start);
    }

    public StandingView Standing(string key, bool band)
    {
        var student = Index(key);
        StudentCell[] cells = [.. Cells(student).Select(cell => cell with { ClassMedian = null })];
        return new StandingView(summary, key, SeededCourse.NameOf(student), cells, Forecast(student), Of(insights.Students[student].Trend.Slope),
            Submission(student), band ? "middle third" : null, band, [.. cells.Where(cell => cell.State == "notDue").Take(4)], settings);
    }

    public RiskRow Row(int student)
    {
        var of = insights.Students[student];
        return new RiskRow(grid.Students[student], SeededCourse.NameOf(student), SeededCourse.SectionOf(student), Of(of.Risk.Probability),
            double.IsNaN(of.Risk.Score) ? 0 : of.Risk.Score, of.Risk.WithinCapacity, [.. of.Risk.Reasons.Select(View)], Of(of.CurrentMark),
            Of(of.Trend.Slope), Of(of.Forecast.Final), of.Risk.Missing, of.Risk.Late, double.IsNaN(of.Risk.LastScore) ? null : of.Risk.LastScore);
    }

    private static Reason View(RiskReason reason) =>
        new(char.ToLowerInvariant(reason.Kind.ToString()[0]) + reason.Kind.ToString()[1..], reason.Contribution, reason.Text);

    private ClassStanding Standing(RiskRow[] rows)
    {
        var (missing, pending, graded) = (0, 0, 0);
        foreach (var row in rows)
        {
            foreach (var cell in grid.Row(Index(row.Student)))
            {
                missing += cell.State == CellState.Missing ? 1 : 0;
                pending += cell.State == CellState.Pending ? 1 : 0;
                graded += cell.State == CellState.Graded ? 1 : 0;
            }
        }

        return new ClassStanding(rows.Length, rows.Count(row => row.Probability.Value >= 0.5), graded / Math.Max(1.0, graded + missing + pending),
            missing, pending, Of(insights.ClassMean), Of(insights.ClassTrend.LeastSquares), View(insights.Marks));
    }

    private NextStep[] Next(RiskRow[] rows)
    {
        List<NextStep> steps = [];
        steps.AddRange(rows.Where(row => row.WithinCapacity).Take(1).Select(row => new NextStep("contact", $"Talk to {row.Name}: {row.Reasons[0].Text.ToLowerInvariant()}", row.Student, null)));
        for (var item = 0; item < grid.Assessments.Count; item++)
        {
            var (assessment, of) = (grid.Assessments[item], insights.Assessments[item]);
            if (of.Item.Label == DiscriminationLabel.CheckTheKey) steps.Add(new("checkItem", $"Check the key of {assessment.Name}: good students did worse", null, assessment.Id));
            if (of.Pending > 0) steps.Add(new("grade", $"Grade {of.Pending} submissions of {assessment.Name}", null, assessment.Id));
        }

        return [.. steps];
    }

    private AssessmentSummary Summary(int item, RiskRow[] rows)
    {
        var pending = rows.Count(row => grid[Index(row.Student), item].State == CellState.Pending);
        var (assessment, of) = (grid.Assessments[item], insights.Assessments[item]);
        return new(assessment.Id, assessment.Name, assessment.Kind, assessment.MaxScore, assessment.Weight, assessment.DueDay, of.Graded, of.Missing, pending, of.Excused, Of(of.Scores.Mean));
    }

    private static ItemQuality Item(Assessment assessment, ItemStatistics item) => new(
        assessment.Id, assessment.Name, assessment.Kind, assessment.Weight, Of(item.Facility), Of(item.Discrimination), Of(item.UpperLower), item.Label, Of(item.AlphaIfDeleted));

    private StudentCell[] Cells(int student)
    {
        var cells = new StudentCell[grid.Assessments.Count];
        for (var item = 0; item < cells.Length; item++)
        {
            var (assessment, cell) = (grid.Assessments[item], grid[student, item]);
            var score = cell.State == CellState.Graded ? cell.Score : (double?)null;
            cells[item] = new StudentCell(assessment.Id, assessment.Name, assessment.Kind, Name(cell.State), score, score * assessment.MaxScore / 100,
                assessment.MaxScore, assessment.Weight, assessment.DueDay, cell.SubmittedDay, cell.SubmittedDay > assessment.DueDay + settings.GraceDays,
                Of(insights.Assessments[item].Scores.Median).Value, assessment.ExtraCredit);
        }

        return cells;
    }

    private static string Name(CellState state) => state == CellState.NotDue ? "notDue" : state.ToString().ToLowerInvariant();

    private SubmissionView Submission(int student)
    {
        var of = insights.Students[student].Submission;
        return new(of.Submitted, of.Late, of.Missing, Of(of.OnTimeRate), Of(of.LateRate), Of(of.MedianLagHours), Of(of.LastMinuteShare).Value, of.ChronicallyLate);
    }

    private ForecastView Forecast(int student)
    {
        var of = insights.Students[student].Forecast;
        return new(Of(of.Final), of.Floor, of.Ceiling, of.WeightDone, of.Method);
    }

    private static DistributionView View(Analytics.Distributions.Distribution of) => new(
        of.N, of.Minimum, of.Maximum, of.Counts, Of(of.Mean), Of(of.Median), Of(of.StandardDeviation), Of(of.InterquartileRange), Of(of.Skewness),
        Of(of.ExcessKurtosis), Of(of.NormalityP), Of(of.Bimodality), of.CeilingShare, of.FloorShare, of.Flags);

    private static ReliabilityView View(ReliabilityStatistics of) => new(Of(of.Alpha), Of(of.StandardError), of.Items, of.Dichotomous, of.Note);

    private int Index(string key)
    {
        for (var student = 0; student < grid.Students.Count; student++)
            if (grid.Students[student] == key) return student;
        return -1;
    }

    public static Estimate Of(Measured of) => of.HasValue
        ? new(of.Value, of.N, double.IsNaN(of.Low) ? null : of.Low, double.IsNaN(of.High) ? null : of.High)
        : new(null, of.N, Insufficient: of.Insufficient);
}
