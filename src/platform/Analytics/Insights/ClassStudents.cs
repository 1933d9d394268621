using Provost.Analytics.Cells;
using Provost.Analytics.Consistency;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Risk;
using Provost.Analytics.Submissions;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Insights;

/// <summary>Puts together everything about each student of a class.</summary>
/// <param name="table">The class.</param>
/// <param name="policy">The course's rules.</param>
/// <param name="medians">Class medians by position in time, per cent.</param>
/// <param name="measurementError">Standard error of measurement, points; NaN when unknown.</param>
internal sealed class ClassStudents(ScoreTable table, InsightPolicy policy, double[] medians, double measurementError)
{
    /// <summary>In the grid's order. Each student's are computed alone, so their bits do not depend on how many threads do it.</summary>
    public StudentInsights[] Of(ClassRisk risk, ForecastModel model, Calibration calibration)
    {
        var risks = risk.Scores(table.Grid.Students, policy, calibration.Risk);
        var consistency = ClassConsistency.Of(table, medians, measurementError);
        var submissions = ClassSubmissions.Of(table, policy);
        var students = new StudentInsights[table.N];
        if (OperatingSystem.IsBrowser())
        {
            var trends = new ClassTrends(table, medians);
            for (var i = 0; i < students.Length; i++)
                students[i] = One(i, trends);
        }
        else
        {
            Parallel.For(0, students.Length, () => new ClassTrends(table, medians), (i, _, trends) =>
            {
                students[i] = One(i, trends);
                return trends;
            }, _ => { });
        }

        return students;

        StudentInsights One(int i, ClassTrends trends) => new(
            table.Mark(i, policy).Estimate, risks[i], trends.Of(i), consistency[i], submissions[i], Forecaster.Of(table.Rest(i, policy), model, calibration));
    }
}
