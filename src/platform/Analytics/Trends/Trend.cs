namespace Provost.Analytics.Trends;

public enum TrendDirection : byte
{
    /// <summary>Too little data, or the interval includes 0: no word is said.</summary>
    Unclear,
    Rising,
    Falling,
}

/// <summary>Where a series goes. Section 5 of the formulas.</summary>
/// <param name="Slope">Theil-Sen slope with Sen's 95 % interval; points per week (per assessment where due days are unknown).</param>
/// <param name="LeastSquares">OLS slope with its 95 % interval, same unit.</param>
/// <param name="MannKendallP">Two-sided p of no monotone trend; NaN when insufficient.</param>
/// <param name="Direction">Said only when the interval of <paramref name="Slope"/> excludes 0.</param>
/// <param name="PerWeek">False where due days are unknown, and the unit is points per assessment.</param>
public sealed record Trend(Estimate Slope, Estimate LeastSquares, double MannKendallP, TrendDirection Direction, bool PerWeek);
