namespace Provost.Analytics.Forecasts;

/// <summary>
/// What students got on the rest of a course, as a share of their level so far: fitted on finished courses by least absolute
/// deviations, so that the forecast is a median.
/// </summary>
/// <param name="Keep">Share that students keep who handed in their latest work, at progress 0.</param>
/// <param name="KeepByProgress">What that share gains from progress 0 to 1.</param>
/// <param name="Rho">Share that students keep whose latest work has been missing for a week or more.</param>
/// <param name="Shrinkage">How much of the empirical-Bayes pull to the class mean is taken, 0 (none) to 1 (all).</param>
/// <param name="N">Student snapshots that it was fitted on.</param>
public sealed record RestCurve(double Keep, double KeepByProgress, double Rho, double Shrinkage, int N)
{
    /// <summary>Days after which a missing item has settled: until then part of the class still hands in late.</summary>
    public const double SettlingDays = 7;

    /// <summary>Mean of the rest, per cent.</summary>
    /// <param name="level">Current mark, shrunk or not, per cent.</param>
    /// <param name="progress">Share of the weight done, 0 to 1.</param>
    /// <param name="missingFor">Days since the latest missing work was due; negative when the latest work was handed in.</param>
    public double Mean(double level, double progress, double missingFor)
    {
        var keep = Math.Clamp(Keep + KeepByProgress * progress, 0, 1);
        var settled = Math.Clamp(missingFor / SettlingDays, 0, 1);
        return level * (keep + (Rho - keep) * settled);
    }
}
