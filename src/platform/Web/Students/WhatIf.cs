using Provost.Analytics.Cells;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Contracts;

namespace Provost.Web.Students;

/// <summary>
/// A student plays through what is left, in the browser, with the server's own code. What is not set is expected
/// from the student's own marks so far. Pure.
/// </summary>
internal sealed class WhatIf(StandingView standing)
{
    private readonly Assessment[] assessments = [.. standing.Cells.Select(ToAssessment)];
    private readonly Cell[] cells = [.. standing.Cells.Select(ToCell)];
    private readonly InsightPolicy policy = new(standing.Settings.Capacity, standing.Settings.MissingCountsZero, standing.Settings.GraceDays);

    private readonly ForecastModel model = standing.Model is { } known
        ? new(known.ClassMean, known.BetweenVariance, known.WithinVariance, known.Students)
        : ForecastModel.None;

    private readonly Calibration calibration = standing.Calibration is { } learned
        ? Calibration.Default with
        {
            Rest = new RestCurve(learned.Keep, learned.KeepByProgress, learned.Rho, learned.Shrinkage, learned.N),
            Residuals = [.. learned.Residuals.Select(bucket => new ConformalBucket(bucket.From, bucket.LastMissing, bucket.HalfWidth, bucket.N))],
            Source = learned.Source,
        }
        : Calibration.Default;

    /// <summary>Positions of the cells that a student can still decide: not due or waiting for a mark, and with weight.</summary>
    public IReadOnlyList<int> Open { get; } =
        [.. standing.Cells.Index().Where(cell => cell.Item is { State: "notDue" or "pending", Weight: > 0 }).Select(cell => cell.Index)];

    public Forecast Compute(IReadOnlyDictionary<int, double> scores) =>
        StudentWhatIf.Compute(assessments, cells, standing.AsOfDay ?? double.NaN, scores, policy, model, calibration);

    private static Assessment ToAssessment(StudentCell cell) =>
        new(cell.Assessment, cell.Name, cell.MaxScore, cell.Weight, cell.DueDay, cell.Kind, cell.ExtraCredit);

    private static Cell ToCell(StudentCell cell) => cell.State switch
    {
        "graded" => Cell.Graded(cell.Score ?? double.NaN, cell.SubmittedDay),
        "missing" => Cell.Missing,
        "excused" => Cell.Excused,
        "pending" => Cell.Pending(cell.SubmittedDay),
        _ => Cell.NotDue,
    };
}
