namespace Provost.Analytics.Forecasts;

/// <summary>How far forecasts missed on finished courses that they were not fitted on (split conformal, Lei et al. 2018, alg. 2).</summary>
/// <param name="From">Progress (share of the weight done) from which the bucket holds, 0 to 1.</param>
/// <param name="LastMissing">For students whose latest work is missing.</param>
/// <param name="HalfWidth">
/// The ceil((n + 1) 0.9)-th smallest absolute residual of the mean of the rest, points; times the share of the weight that is
/// left it is the half width around the final mark.
/// </param>
/// <param name="N">Residuals that it was taken from.</param>
public sealed record ConformalBucket(double From, bool LastMissing, double HalfWidth, int N);
