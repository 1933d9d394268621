using System.Globalization;
using Provost.Contracts;

namespace Provost.Web.Display;

/// <summary>Numbers, dates and words as they stand on the screen: one way everywhere.</summary>
internal static class Figures
{
    private const string Space = "\u00a0";

    /// <summary>"B" becomes "Section B"; what calls itself a section, or is several, stays as it is.</summary>
    public static string Section(string name) =>
        name.StartsWith("section", StringComparison.OrdinalIgnoreCase) || name.Contains(';', StringComparison.Ordinal) ? name : $"Section {name}";

    /// <summary>0.62 becomes "62 %".</summary>
    public static string Share(double share) => $"{(share * 100).ToString("0", CultureInfo.InvariantCulture)}{Space}%";

    /// <summary>61.44 becomes "61.4 %".</summary>
    public static string Mark(double mark) => $"{mark.ToString("0.#", CultureInfo.InvariantCulture)}{Space}%";

    public static string Number(double value, int decimals = 1) =>
        (Math.Round(value, decimals, MidpointRounding.AwayFromZero) + 0.0).ToString(decimals == 0 ? "#,0" : "0." + new string('#', decimals), CultureInfo.InvariantCulture)
            .Replace("-", "\u2212", StringComparison.Ordinal);

    /// <summary>Always the same number of decimals: for columns. ".71" is written "0.71".</summary>
    public static string Fixed(double value, int decimals) =>
        value.ToString("F" + decimals, CultureInfo.InvariantCulture).Replace("-", "\u2212", StringComparison.Ordinal);

    public static string Signed(double value, int decimals = 1)
    {
        var text = Number(value, decimals);
        return text[0] is '\u2212' || text == "0" ? text : "+" + text;
    }

    public static string Count(int n, string one, string? many = null) => $"{Number(n, 0)}{Space}{(n == 1 ? one : many ?? one + "s")}";

    public static string Interval(Estimate estimate, Func<double, string> format) =>
        estimate is { Low: { } low, High: { } high } ? $"{format(low)} to {format(high)}" : "";

    public static string Date(DateTimeOffset moment) => moment.ToLocalTime().ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset moment) => moment.ToLocalTime().ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A day of the course as people count: "week 3, day 2"; a date when the start is known.</summary>
    public static string Day(double day, DateOnly? start = null) => start is { } first
        ? first.AddDays((int)Math.Floor(day)).ToString("ddd d MMM", CultureInfo.InvariantCulture)
        : $"day{Space}{Math.Floor(day).ToString("0", CultureInfo.InvariantCulture)}";

    public static string Ago(DateTimeOffset moment, DateTimeOffset now)
    {
        var passed = now - moment;
        return passed switch
        {
            _ when passed < TimeSpan.FromMinutes(1) => "just now",
            _ when passed < TimeSpan.FromHours(1) => Count((int)passed.TotalMinutes, "minute") + " ago",
            _ when passed < TimeSpan.FromHours(24) => Count((int)passed.TotalHours, "hour") + " ago",
            _ when passed < TimeSpan.FromDays(14) => Count((int)passed.TotalDays, "day") + " ago",
            _ => "on " + Date(moment),
        };
    }

    /// <summary>"own mean, shrunk" becomes "Own mean, shrunk."</summary>
    public static string Sentence(string words) =>
        words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words[1..].TrimEnd('.')}.";

    public static string Role(Role role) => role == Contracts.Role.TA ? "Teaching assistant" : role.ToString();
}
