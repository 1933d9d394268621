namespace Provost.Topology.Reading;

/// <summary>"Did you mean": the nearest of the words that are allowed here.</summary>
public static class Suggestion
{
    public static string For(string typed, IReadOnlyList<string> allowed)
    {
        var list = "allowed here: " + string.Join(", ", allowed);
        return Nearest(typed, allowed) is { } nearest ? $"Did you mean \"{nearest}\"? {char.ToUpperInvariant(list[0])}{list[1..]}" : list;
    }

    public static string? Nearest(string typed, IReadOnlyList<string> allowed)
    {
        var best = allowed
            .Select(word => (Word: word, Distance: Distance(typed.ToLowerInvariant(), word.ToLowerInvariant())))
            .OrderBy(c => c.Distance)
            .FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, Math.Min(typed.Length, best.Word.Length) / 3) ? best.Word : null;
    }

    // Optimal string alignment: insertions, deletions, substitutions and swapped neighbours cost 1.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}
