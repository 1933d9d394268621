using Provost.Analytics.Distributions;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Items;
using Provost.Analytics.Reliability;
using Provost.Analytics.Risk;
using Provost.Analytics.Submissions;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>From what is computed to what goes over the wire: no NaN leaves the server.</summary>
internal static class Wire
{
    public static Estimate ToWire(this Analytics.Estimate estimate) => estimate.HasValue
        ? new(Finite(estimate.Value), estimate.N, Finite(estimate.Low), Finite(estimate.High))
        : new(null, estimate.N, Insufficient: estimate.Insufficient);

    public static DistributionView ToWire(this Distribution of) => new(
        of.N, of.Minimum, of.Maximum, of.Counts, of.Mean.ToWire(), of.Median.ToWire(), of.StandardDeviation.ToWire(), of.InterquartileRange.ToWire(),
        of.Skewness.ToWire(), of.ExcessKurtosis.ToWire(), of.NormalityP.ToWire(), of.Bimodality.ToWire(), OrZero(of.CeilingShare), OrZero(of.FloorShare), of.Flags);

    public static ReliabilityView ToWire(this ReliabilityStatistics of) =>
        new(of.Alpha.ToWire(), of.StandardError.ToWire(), of.Items, of.Dichotomous, of.Note);

    public static ItemQuality ToWire(this ItemStatistics of, Analytics.Cells.Assessment assessment) => new(
        assessment.Id, assessment.Name, assessment.Kind, assessment.Weight, of.Facility.ToWire(), of.Discrimination.ToWire(), of.UpperLower.ToWire(),
        of.Label, of.AlphaIfDeleted.ToWire());

    public static SubmissionView ToWire(this SubmissionBehaviour of) => new(
        of.Submitted, of.Late, of.Missing, of.OnTimeRate.ToWire(), of.LateRate.ToWire(), of.MedianLagHours.ToWire(),
        of.LastMinuteShare.HasValue ? of.LastMinuteShare.Value : null, of.ChronicallyLate);

    public static ForecastView ToWire(this Forecast of) =>
        new(of.Final.ToWire(), OrZero(of.Floor), OrZero(of.Ceiling), OrZero(of.WeightDone), of.Method);

    public static ForecastCalibration ToWire(this Calibration of) => new(
        of.Rest.Keep, of.Rest.KeepByProgress, of.Rest.Rho, of.Rest.Shrinkage, of.Rest.N,
        [.. of.Residuals.Select(bucket => new ResidualBucket(bucket.From, bucket.LastMissing, bucket.HalfWidth, bucket.N))], of.Source);

    public static Reason ToWire(this RiskReason of) => new(
        of.Kind switch
        {
            RiskReasonKind.CurrentMark => "currentMark",
            RiskReasonKind.Missing => "missing",
            RiskReasonKind.Late => "late",
            RiskReasonKind.Timing => "timing",
            _ => "lastItem",
        },
        OrZero(of.Contribution), of.Text);

    public static double? Finite(double value) => double.IsFinite(value) ? value : null;

    public static double OrZero(double value) => double.IsFinite(value) ? value : 0;
}
