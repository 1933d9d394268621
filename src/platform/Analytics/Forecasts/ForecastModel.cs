namespace Provost.Analytics.Forecasts;

/// <summary>
/// What a class says about one student's rest (empirical Bayes): aggregates only, so a student's own page may have them.
/// </summary>
/// <param name="ClassMean">Mean of the students' current marks, per cent; NaN when nothing was graded.</param>
/// <param name="BetweenVariance">tau^2: variance of the students' true levels, points squared.</param>
/// <param name="WithinVariance">sigma^2: variance of one student's scores around the own level, points squared.</param>
/// <param name="N">Students that it was taken from.</param>
public sealed record ForecastModel(double ClassMean, double BetweenVariance, double WithinVariance, int N)
{
    /// <summary>Nothing is known of a class: a student's own mean stands for the rest.</summary>
    public static ForecastModel None { get; } = new(double.NaN, double.NaN, double.NaN, 0);
}
