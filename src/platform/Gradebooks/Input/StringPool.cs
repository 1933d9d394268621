namespace Provost.Gradebooks.Input;

/// <summary>Gives equal short cells the same string: gradebooks repeat "10", "", "EX" by the thousand.</summary>
internal sealed class StringPool
{
    private const int Slots = 1024;
    private readonly string?[] slots = new string?[Slots];

    public string Get(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "";
        if (text.Length > 16)
            return text.ToString();
        var slot = string.GetHashCode(text, StringComparison.Ordinal) & (Slots - 1);
        if (slots[slot] is { } known && text.SequenceEqual(known))
            return known;
        return slots[slot] = text.ToString();
    }
}
