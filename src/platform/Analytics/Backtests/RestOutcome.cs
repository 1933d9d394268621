using Provost.Analytics.Forecasts;

namespace Provost.Analytics.Backtests;

/// <summary>One student at one cut-off, and what the rest of the course brought.</summary>
/// <param name="Number">The student's number in the course.</param>
/// <param name="At">Where the student stood.</param>
/// <param name="Model">What the class said then.</param>
/// <param name="RestMean">Weighted mean of what was left then, missing = 0, per cent.</param>
/// <param name="Final">Final coursework mark, missing = 0, per cent.</param>
internal sealed record RestOutcome(int Number, StudentRest At, ForecastModel Model, double RestMean, double Final)
{
    /// <summary>Students with something done and something left.</summary>
    public static IEnumerable<RestOutcome> Of(CourseSnapshot snapshot)
    {
        var model = ForecastModel.Of(snapshot.Table, CourseSnapshot.Policy);
        for (var i = 0; i < snapshot.Students.Length; i++)
        {
            var at = snapshot.Table.Rest(i, CourseSnapshot.Policy);
            if (at.Mark.Items == 0 || double.IsNaN(at.Mark.Mean) || at.Progress >= 1 - 1e-9)
                continue;
            var final = snapshot.FinalMark(i);
            yield return new(
                snapshot.Numbers[i], at, model, (final * at.Mark.WeightAll - at.Mark.Points) / (at.Mark.WeightAll - at.Mark.WeightDone), final);
        }
    }
}
