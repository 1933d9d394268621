namespace Provost.Gradebooks;

/// <summary>The one error that reading a gradebook raises: what happened, where, and what to do next.</summary>
public sealed class GradebookError(string what, string remedy, long? line = null, string? column = null)
    : Exception($"{what}{Where(line, column)}. {remedy}")
{
    public string What { get; } = what;
    public string Remedy { get; } = remedy;

    /// <summary>1-based line of the file; null when the whole file is meant.</summary>
    public long? Line { get; } = line;

    public string? Column { get; } = column;

    /// <summary>The place in the file as it stands in messages; empty when the whole file is meant.</summary>
    public string Place { get; } = Where(line, column);

    private static string Where(long? line, string? column) => (line, column) switch
    {
        (null, null) => "",
        (null, _) => $" (column \"{column}\")",
        (_, null) => $" (line {line})",
        _ => $" (line {line}, column \"{column}\")",
    };
}
