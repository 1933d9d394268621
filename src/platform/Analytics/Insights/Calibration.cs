namespace Provost.Analytics.Insights;

/// <summary>What finished courses taught: how scores become probabilities and how far forecasts miss.</summary>
/// <param name="Platt">Logistic curves p = 1 / (1 + exp(-(a + b R))) by progress, ascending; between two points a and b are interpolated.</param>
/// <param name="Rho">Mean of the rest / current mean for students whose last due item is missing, 0 to 1.</param>
/// <param name="Residuals">Split-conformal half widths by progress x last item missing.</param>
/// <param name="Source">Which courses it was fitted on, in plain words.</param>
public sealed record Calibration(
    IReadOnlyList<PlattPoint> Platt, double Rho, IReadOnlyList<ConformalBucket> Residuals, string Source)
{
    /// <summary>Fitted on the Open University's courses 2013B to 2014B (OULAD, CC BY 4.0).</summary>
    public static Calibration Default { get; } = new([], 0.35, [], "none yet");
}

/// <param name="Progress">Share of the course's weight that was due, 0 to 1.</param>
/// <param name="A">Intercept.</param>
/// <param name="B">Slope; positive.</param>
/// <param name="N">Student snapshots that it was fitted on.</param>
public sealed record PlattPoint(double Progress, double A, double B, int N);

/// <param name="From">Progress (share of the weight done) from which the bucket holds, 0 to 1.</param>
/// <param name="LastMissing">For students whose last due item is missing.</param>
/// <param name="HalfWidth">Quantile ceil((n + 1) 0.9) / n of the absolute residuals, points.</param>
/// <param name="N">Residuals that it was taken from.</param>
public sealed record ConformalBucket(double From, bool LastMissing, double HalfWidth, int N);
