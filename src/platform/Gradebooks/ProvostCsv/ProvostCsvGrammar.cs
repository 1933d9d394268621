using System.Globalization;

namespace Provost.Gradebooks.ProvostCsv;

/// <summary>The words and the cells of our own CSV, in one place for the reader and the writer. Documented in docs/reference/gradebook-csv.md.</summary>
internal static class ProvostCsvGrammar
{
    public const string Version = "1";
    public const string FirstCell = "#provost";
    public const string Course = "#course";
    public const string AsOf = "#as-of";
    public const string Start = "#start";
    public const string Id = "#id";
    public const string Max = "#max";
    public const string Weight = "#weight";
    public const string Due = "#due";
    public const string Kind = "#kind";
    public const string Extra = "#extra";

    public static readonly string[] StudentColumns = ["id", "name", "email", "login", "section", "result", "unregistered"];

    /// <summary>Text that a spreadsheet would run, or that would be read as something else, gets an apostrophe in front.</summary>
    public static string Protect(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'' or '#' ? "'" + text : text;

    public static string Unprotect(string text) => text.Length > 1 && text[0] == '\'' && text[1] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'' or '#' ? text[1..] : text;

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The inverse of how scores are computed everywhere: 100 x points / maximum.</summary>
    public static double Score(double points, double max) => 100 * points / max;
}
