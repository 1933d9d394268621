using System.Globalization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups.Pruning;

/// <param name="Reasons">Why it is kept: "last", "daily", ...; empty when it is not.</param>
public sealed record RetainedBackup(string Id, DateTimeOffset At, IReadOnlyList<string> Reasons)
{
    public bool IsKept => Reasons.Count > 0;
}

/// <summary>Grandfather, father, son: the newest backups, and the newest of each of the last days, weeks, months and years.</summary>
public static class Retention
{
    /// <summary>Each site of each installation is thinned out by itself. Oldest first.</summary>
    public static IReadOnlyList<RetainedBackup> Of(IEnumerable<BackupEntry> backups, Keep keep) =>
        [.. backups.GroupBy(b => (b.Installation, b.Site)).SelectMany(g => OfSite([.. g.OrderByDescending(b => b.At)], keep)).OrderBy(b => b.At)];

    private static IEnumerable<RetainedBackup> OfSite(IReadOnlyList<BackupEntry> newestFirst, Keep keep)
    {
        var reasons = newestFirst.ToDictionary(b => b.Id, _ => new List<string>());
        foreach (var backup in newestFirst.Take(keep.Last))
        {
            reasons[backup.Id].Add("last");
        }
        foreach (var (name, count, period) in (ReadOnlySpan<(string, int, Func<DateTimeOffset, string>)>)
            [("daily", keep.Daily, Day), ("weekly", keep.Weekly, Week), ("monthly", keep.Monthly, Month), ("yearly", keep.Yearly, Year)])
        {
            foreach (var newest in newestFirst.GroupBy(b => period(b.At)).Take(count).Select(g => g.First()))
            {
                reasons[newest.Id].Add(name);
            }
        }
        return newestFirst.Select(b => new RetainedBackup(b.Id, b.At, reasons[b.Id]));
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Week(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at.UtcDateTime)}-{ISOWeek.GetWeekOfYear(at.UtcDateTime)}");

    private static string Month(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Year(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture);
}
