using Provost.Analytics.Backtests;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Risk;

namespace Provost.Analytics.Insights;

/// <summary>What finished courses taught: how scores become probabilities, what the rest of a course brings, how far forecasts miss.</summary>
/// <param name="Risk">From the risk score to a probability.</param>
/// <param name="Rest">From the current mark to the mean of the rest.</param>
/// <param name="Residuals">Split-conformal half widths by progress x last item missing.</param>
/// <param name="Source">Which courses it was fitted on, in plain words.</param>
public sealed record Calibration(RiskCurve Risk, RestCurve Rest, IReadOnlyList<ConformalBucket> Residuals, string Source)
{
    /// <summary>
    /// Fitted by <see cref="Backtest.Fit"/> on the 15 courses of the Open University's presentations 2013B, 2013J and 2014B
    /// (OULAD: Kuzilek, Hlosta, Zdrahal 2017, CC BY 4.0); a test repeats the fit. An institution fits its own on its finished courses.
    /// </summary>
    public static Calibration Default { get; } = new(
        new RiskCurve(-1.0267, -3.6014, 4.0220, 5.7543, 0.8432, -0.1874, 268_753),
        new RestCurve(0.8351, 0.1787, 0, 0, 107_228),
        [
            new(0.0, false, 52.607, 21_725),
            new(0.2, false, 50.532, 19_377),
            new(0.4, false, 45.836, 19_435),
            new(0.6, false, 49.256, 15_930),
            new(0.8, false, 62.556, 6_130),
            new(0.0, true, 45.097, 3_873),
            new(0.2, true, 30.015, 4_182),
            new(0.4, true, 48.403, 6_386),
            new(0.6, true, 62.486, 6_613),
            new(0.8, true, 81.621, 3_068),
        ],
        "Open University 2013B to 2014B (OULAD)");
}
