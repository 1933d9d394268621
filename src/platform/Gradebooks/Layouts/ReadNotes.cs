namespace Provost.Gradebooks.Layouts;

/// <summary>What the user should know of how a file was read.</summary>
internal sealed class ReadNotes
{
    private const int MostWarnings = 200;
    private readonly List<string> guesses = [];
    private readonly List<string> warnings = [];
    private int unwritten;

    public IReadOnlyList<string> Guesses => guesses;

    public IReadOnlyList<string> Warnings => unwritten == 0 ? warnings : [.. warnings, $"... and {unwritten} more of these"];

    public void Guess(string text) => guesses.Add(text);

    public void Warn(string text)
    {
        if (warnings.Count < MostWarnings)
            warnings.Add(text);
        else
            unwritten++;
    }

    /// <summary>"a", "b" and 3 more.</summary>
    public static string Names(IReadOnlyList<string> names, int most = 8)
    {
        var shown = string.Join(", ", names.Take(most).Select(name => $"\"{name}\""));
        return names.Count > most ? $"{shown} and {names.Count - most} more" : shown;
    }

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count:N0} {many ?? one + "s"}";
}
