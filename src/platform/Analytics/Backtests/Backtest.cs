using Provost.Analytics.Insights;

namespace Provost.Analytics.Backtests;

/// <summary>Replays finished courses: what would have been said on each day, and was it right.</summary>
public static class Backtest
{
    /// <summary>Fits a calibration on <paramref name="train"/> and judges it on <paramref name="test"/>.</summary>
    public static BacktestReport Run(IReadOnlyList<FinishedCourse> train, IReadOnlyList<FinishedCourse> test) =>
        Evaluate(test, Fit(train, "training courses"));

    /// <summary>Judges a calibration on courses that it was not fitted on.</summary>
    public static BacktestReport Evaluate(IReadOnlyList<FinishedCourse> test, Calibration calibration) =>
        throw new NotImplementedException();

    /// <summary>Fits a calibration: Platt curves, rho, conformal half widths.</summary>
    /// <param name="train">Finished courses with due days.</param>
    /// <param name="source">What they are, in plain words.</param>
    public static Calibration Fit(IReadOnlyList<FinishedCourse> train, string source) => throw new NotImplementedException();
}
