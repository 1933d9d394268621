namespace Provost.Analytics.Forecasts;

/// <summary>The final mark as far as it can be known now. Section 8 of the formulas. Marks in per cent of what can be reached.</summary>
/// <param name="Final">The forecast with its 90 % interval.</param>
/// <param name="Floor">Final mark with 0 on the rest.</param>
/// <param name="Ceiling">Final mark with 100 on the rest.</param>
/// <param name="WeightDone">Share of the course's weight that is graded or missing, 0 to 1.</param>
/// <param name="RestMean">What the forecast assumes as mean of the rest, per cent.</param>
/// <param name="Method">How value and interval came about, in plain words.</param>
public sealed record Forecast(Estimate Final, double Floor, double Ceiling, double WeightDone, double RestMean, string Method)
{
    /// <summary>
    /// Mean that is needed on the rest to end at <paramref name="target"/>: (target - floor) / (1 - weight done).
    /// Above 100 = out of reach; 0 or less = already reached; insufficient when nothing is left.
    /// </summary>
    /// <param name="target">Final mark aimed at, per cent.</param>
    public Estimate NeededAverage(double target) =>
        WeightDone < 1
            ? Estimate.Of((target - Floor) / (1 - WeightDone), Final.N)
            : Estimate.None(Final.N, "nothing is left to be graded");
}
