using System.Globalization;

namespace Provost.Gradebooks.Values;

/// <summary>Dates that can be read in one way only; 3/4/2024 is not one of them.</summary>
internal static class DateText
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy/MM/dd", "yyyy.MM.dd", "d.M.yyyy", "d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy", "MMMM d, yyyy", "MMM d yyyy", "d-MMM-yyyy", "d MMM, yyyy"];

    public static DateOnly? Parse(string text)
    {
        if (DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var date))
            return DateOnly.FromDateTime(date);
        var parts = text.Split('/');
        if (parts.Length != 3 || !int.TryParse(parts[0], out var a) || !int.TryParse(parts[1], out var b) || !int.TryParse(parts[2], out var year) || year is < 1900 or > 2200)
            return null;
        // Only a day above 12 tells day and month apart.
        var (month, day) = a > 12 ? (b, a) : b > 12 || a == b ? (a, b) : (0, 0);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
    }
}
