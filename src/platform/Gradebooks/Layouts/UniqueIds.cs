namespace Provost.Gradebooks.Layouts;

/// <summary>Makes ids unique by counting: quiz, quiz-2, quiz-3.</summary>
internal sealed class UniqueIds
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public string Next(string id)
    {
        if (taken.Add(id))
            return id;
        for (var n = 2; ; n++)
            if (taken.Add($"{id}-{n}"))
                return $"{id}-{n}";
    }
}
