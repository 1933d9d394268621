namespace Provost.Runbooks.Deploy;

/// <summary>How deployments went lately.</summary>
/// <param name="Days">How far back it counts.</param>
/// <param name="Deployments">Deployments and rollbacks, also those that returned by themselves. A start is none.</param>
/// <param name="Returned">Those that failed and returned to the old release by themselves.</param>
/// <param name="FailureShare">Those that returned or were rolled back, of all deployments; null when there were none.</param>
/// <param name="PerWeek">Releases and configurations brought live.</param>
public sealed record DeployStatistics(
    int Days, int Deployments, int Rollbacks, int Returned, double? FailureShare, double PerWeek, double? MedianSeconds, double? LongestSeconds, DateTimeOffset? Last)
{
    private const double DaysOfWeek = 7;

    /// <summary>Whether a line of the history is a deployment, and not a start.</summary>
    public static bool Counts(DeployedRelease one) => one.Verb is "deploy" or "rollback";

    public static DeployStatistics Of(IEnumerable<DeployedRelease> history, DateTimeOffset now, int days)
    {
        var all = history.Where(d => Counts(d) && now - d.At <= TimeSpan.FromDays(days)).ToList();
        var (rollbacks, returned) = (all.Count(d => d.Verb == "rollback"), all.Count(d => d.Result == "returned"));
        var forward = all.Count(d => d.Verb == "deploy");
        var seconds = all.Select(d => d.Seconds).Order().ToList();
        return new DeployStatistics(
            days, all.Count, rollbacks, returned, forward == 0 ? null : Math.Round(Math.Min(1, (rollbacks + all.Count(d => d is { Verb: "deploy", Result: "returned" })) / (double)forward), 3),
            Math.Round((all.Count - returned) / (days / DaysOfWeek), 2), Median(seconds), seconds.Count == 0 ? null : seconds[^1], all.Count == 0 ? null : all[^1].At);
    }

    private static double? Median(List<double> ordered) => ordered.Count switch
    {
        0 => null,
        var count when count % 2 == 1 => ordered[count / 2],
        var count => Math.Round((ordered[(count / 2) - 1] + ordered[count / 2]) / 2, 2),
    };
}
