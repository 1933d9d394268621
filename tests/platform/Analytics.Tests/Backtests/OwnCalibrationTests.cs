using Provost.Analytics.Backtests;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Tests.Backtests;

public class OwnCalibrationTests
{
    [Fact]
    public void Enough_finished_courses_are_fitted_bit_by_bit_the_same()
    {
        var own = OwnCalibration.Of([SyntheticCourse.Of(21), SyntheticCourse.Of(22)]);
        var again = OwnCalibration.Of([SyntheticCourse.Of(21), SyntheticCourse.Of(22)]);

        Assert.True(own.IsOwn);
        Assert.Equal("2 finished courses of this installation with 600 students", own.Used.Source);
        Assert.NotEqual(Calibration.Default.Risk, own.Used.Risk);
        Assert.Equal((own.Used.Risk, own.Used.Rest), (again.Used.Risk, again.Used.Rest));
        Assert.Equal(own.Used.Residuals, again.Used.Residuals);
    }

    [Fact]
    public void On_courses_of_its_own_kind_it_states_risks_better_than_the_published_one()
    {
        var own = OwnCalibration.Of([SyntheticCourse.Of(23), SyntheticCourse.Of(24), SyntheticCourse.Of(25)]);
        FinishedCourse[] later = [SyntheticCourse.Of(26), SyntheticCourse.Of(27)];

        var (mine, published) = (Backtest.Evaluate(later, own.Used), Backtest.Evaluate(later, Calibration.Default));

        Assert.True(mine.Ece["112"] < published.Ece["112"], $"{mine.Ece["112"]} and {published.Ece["112"]}");
        Assert.True(mine.Forecast["50"].Mae < published.Forecast["50"].Mae);
    }

    [Fact]
    public void Too_few_courses_students_or_endings_keep_the_published_one_and_say_so()
    {
        var one = SyntheticCourse.Of(31);
        var undated = one with { Assessments = [.. one.Assessments.Select(assessment => assessment with { DueDay = null })] };
        var allPassed = one with { Students = [.. one.Students.Select(student => student with { Failed = false })] };

        Says("needs 2 finished courses with due dates and 200 students, has 0 with 0", []);
        Says("needs 2 finished courses with due dates and 200 students, has 1 with 300", [one, undated]);
        Says("needs 2 finished courses with due dates and 200 students, has 2 with 100", [SyntheticCourse.Of(32, n: 50), SyntheticCourse.Of(33, n: 50)]);
        Says("needs 30 students who passed and 30 who failed or withdrew, has 600 and 0", [allPassed, allPassed with { Name = "another" }]);
    }

    [Fact]
    public void Courses_in_which_the_strong_fail_keep_the_published_one()
    {
        var upsideDown = Enumerable.Range(41, 2).Select(seed => SyntheticCourse.Of(seed))
            .Select(course => course with { Students = [.. course.Students.Select(student => student with { Failed = !student.Failed })] });

        var calibration = OwnCalibration.Of([.. upsideDown]);

        Assert.Same(Calibration.Default, calibration.Used);
        Assert.StartsWith("the finished courses do not fit it", calibration.Shortfall, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_course_can_be_judged_by_a_calibration_of_its_own()
    {
        var (a, b) = (SyntheticCourse.Of(51), SyntheticCourse.Of(52));
        var (byB, byA) = (Backtest.Fit([b], "b"), Backtest.Fit([a], "a"));

        var together = Backtest.Evaluate([new JudgedCourse(a, byB), new JudgedCourse(b, byA)]);

        Assert.Equal(Backtest.Evaluate([a], byB).Auc, Backtest.Evaluate([new JudgedCourse(a, byB)]).Auc);
        Assert.InRange(
            together.Forecast["50"].Mae!.Value,
            Math.Min(Backtest.Evaluate([a], byB).Forecast["50"].Mae!.Value, Backtest.Evaluate([b], byA).Forecast["50"].Mae!.Value),
            Math.Max(Backtest.Evaluate([a], byB).Forecast["50"].Mae!.Value, Backtest.Evaluate([b], byA).Forecast["50"].Mae!.Value));
    }

    private static void Says(string shortfall, FinishedCourse[] courses)
    {
        var calibration = OwnCalibration.Of(courses);

        Assert.Equal(shortfall, calibration.Shortfall);
        Assert.Same(Calibration.Default, calibration.Used);
    }
}
