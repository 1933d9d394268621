using System.Globalization;
using System.Text.RegularExpressions;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>An error as ClickHouse words it: <c>Code: 60. DB::Exception: ... (UNKNOWN_TABLE) (version ...)</c>.</summary>
internal sealed partial record EngineError(int Code, string Text)
{
    private const int UnknownException = 1002;

    /// <summary>Its name, e.g. UNKNOWN_TABLE: for logs, since the text may quote data of people.</summary>
    public string Name => NameOf().Matches(Text) is [.., var last] ? last.Groups[1].Value : "";

    /// <summary>An error that the engine reported.</summary>
    public static EngineError Parse(string text, string version)
    {
        var match = CodeOf().Match(text);
        return match.Success
            ? new EngineError(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), WithVersion(text, version))
            : Of(UnknownException, "UNKNOWN_EXCEPTION", text, version);
    }

    /// <summary>An error that the HTTP interface itself has to report.</summary>
    public static EngineError Of(int code, string name, string message, string version) =>
        new(code, WithVersion($"Code: {code}. DB::Exception: {message}{(message.EndsWith('.') ? "" : ".")} ({name})", version));

    private static string WithVersion(string text, string version) =>
        text.Contains("(version ", StringComparison.Ordinal) ? text : $"{text} (version {version} (embedded build))";

    [GeneratedRegex(@"^Code: (\d+)\.")]
    private static partial Regex CodeOf();

    [GeneratedRegex(@"\(([A-Z][A-Z0-9_]{3,})\)")]
    private static partial Regex NameOf();
}
