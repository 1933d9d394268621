namespace Provost.Gradebooks;

/// <summary>The one error that reading a gradebook raises: what happened, where, and what to do next.</summary>
public sealed class GradebookError(string what, string remedy, long? line = null, string? column = null)
    : Exception(Describe(what, remedy, line, column))
{
    public string What { get; } = what;
    public string Remedy { get; } = remedy;

    /// <summary>1-based line of the file; null when the whole file is meant.</summary>
    public long? Line { get; } = line;

    public string? Column { get; } = column;

    private static string Describe(string what, string remedy, long? line, string? column)
    {
        var where = (line, column) switch
        {
            (null, null) => "",
            (null, _) => $" (column \"{column}\")",
            (_, null) => $" (line {line})",
            _ => $" (line {line}, column \"{column}\")",
        };
        return $"{what}{where}. {remedy}";
    }
}
