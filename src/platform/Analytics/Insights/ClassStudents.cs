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
    /// <summary>In the grid's order.</summary>
    public StudentInsights[] Of(ClassRisk risk, ForecastModel model, Calibration calibration)
    {
        var risks = risk.Scores(table.Grid.Students, policy, calibration.Risk);
        var consistency = ClassConsistency.Of(table, medians, measurementError);
        var submissions = ClassSubmissions.Of(table, policy);
        var trends = new ClassTrends(table, medians);
        var students = new StudentInsights[table.N];
        for (var i = 0; i < students.Length; i++)
        {
            students[i] = new(
                table.Mark(i, policy).Estimate, risks[i], trends.Of(i), consistency[i], submissions[i],
                Forecaster.Of(table.Rest(i, policy), model, calibration));
        }

        return students;
    }
}
