namespace Provost.Analytics.Backtests;

/// <summary>How the risk list and the forecast did on courses that they had not seen. A null is "too few students to say".</summary>
/// <param name="Auc">Day (28 ... 140) -> area under the ROC curve of the risk probability, ties counted half.</param>
/// <param name="Ece">Day -> expected calibration error, 10 bins of equal width.</param>
/// <param name="PrecisionTop20">Day -> share that failed or withdrew among the 20 % of highest risk.</param>
/// <param name="Forecast">Per cent of the weight done (25, 50, 75) -> how the forecast of the final coursework mark did.</param>
public sealed record BacktestReport(
    IReadOnlyDictionary<string, double?> Auc, IReadOnlyDictionary<string, double?> Ece,
    IReadOnlyDictionary<string, double?> PrecisionTop20, IReadOnlyDictionary<string, ForecastAccuracy> Forecast);

/// <param name="Mae">Mean absolute error, points.</param>
/// <param name="Coverage">Share of outcomes inside the 90 % interval.</param>
/// <param name="HalfWidth">Mean half width of the interval, points.</param>
public sealed record ForecastAccuracy(double? Mae, double? Coverage, double? HalfWidth);
