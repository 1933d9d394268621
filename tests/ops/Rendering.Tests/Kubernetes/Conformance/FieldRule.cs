using System.Text.Json.Nodes;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>A field that must be there, and what goes wrong without it.</summary>
/// <param name="Path">
/// Keys with blanks between them; "[]" is every item of a list that has at least one, and what ends with "?" may be left out
/// together with what is below it.
/// </param>
/// <param name="Holds">What its value must be; anything when null.</param>
internal sealed record FieldRule(string Path, string Why, Func<JsonNode, bool>? Holds = null)
{
    private readonly string[] keys = Path.Split(' ');

    public IEnumerable<string> Violations(JsonNode? at) => IsKept(at, keys) ? [] : [$"{Path}: {Why}"];

    /// <summary>The same rule for something that is deeper in an object.</summary>
    public FieldRule Below(string prefix) => new(prefix + Path, Why, Holds);

    public static Func<JsonNode, bool> Is(string text) => node => node is JsonValue value && value.ToString() == text;

    public static Func<JsonNode, bool> AtLeast(double least) => node => node is JsonValue value && value.TryGetValue(out int number) && number >= least;

    /// <summary>Exactly these items, in any order.</summary>
    public static Func<JsonNode, bool> Set(params string[] items) => node => node is JsonArray list && Texts(list).Order(StringComparer.Ordinal).SequenceEqual(items.Order(StringComparer.Ordinal));

    public static IEnumerable<string> Texts(JsonNode? node) => node is JsonArray list ? list.Select(item => item?.ToString() ?? "") : [];

    public static IEnumerable<JsonObject> Items(JsonNode? node) => node is JsonArray list ? list.OfType<JsonObject>() : [];

    private bool IsKept(JsonNode? at, ReadOnlySpan<string> rest)
    {
        if (rest.IsEmpty)
        {
            return at is not null && (Holds is null || Holds(at));
        }
        if (rest[0] == "[]")
        {
            return at is JsonArray { Count: > 0 } list && AllKept(list, rest[1..]);
        }
        var optional = rest[0][^1] == '?';
        var child = (at as JsonObject)?[optional ? rest[0][..^1] : rest[0]];
        return child is null ? optional : IsKept(child, rest[1..]);
    }

    private bool AllKept(JsonArray list, ReadOnlySpan<string> rest)
    {
        foreach (var item in list)
        {
            if (!IsKept(item, rest))
            {
                return false;
            }
        }
        return true;
    }
}
