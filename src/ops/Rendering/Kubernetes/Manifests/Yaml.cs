using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>Writes JSON as YAML that people read: blocks, plain words where they are safe, texts of several lines as they are.</summary>
public static partial class Yaml
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode node)
    {
        var page = new StringBuilder();
        Block(page, node, 0);
        return page.ToString();
    }

    private static void Block(StringBuilder page, JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    page.Append(' ', depth).Append(Scalar(key)).Append(':');
                    Value(page, value!, depth);
                }
                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    page.Append(' ', depth).Append('-');
                    Item(page, item!, depth);
                }
                break;
            default:
                throw new ArgumentException("a document is a map or a list", nameof(node));
        }
    }

    private static void Value(StringBuilder page, JsonNode value, int depth)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            page.Append('\n');
            Block(page, value, value is JsonArray ? depth : depth + 2);
            return;
        }
        page.Append(' ').Append(Leaf(value, depth + 2)).Append('\n');
    }

    // The first line of a map stands behind the dash.
    private static void Item(StringBuilder page, JsonNode item, int depth)
    {
        if (item is JsonObject { Count: > 0 })
        {
            var block = new StringBuilder();
            Block(block, item, depth + 2);
            page.Append(' ').Append(block.ToString().AsSpan(depth + 2));
            return;
        }
        page.Append(' ').Append(Leaf(item, depth + 2)).Append('\n');
    }

    private static string Leaf(JsonNode value, int indent) => value switch
    {
        JsonObject => "{}",
        JsonArray => "[]",
        _ when value.GetValueKind() != JsonValueKind.String => value.ToJsonString(),
        _ when (string)value! is var text && IsPage(text) => Literal(text, indent),
        _ => Scalar((string)value!),
    };

    private static bool IsPage(string text) =>
        text.Contains('\n', StringComparison.Ordinal) && text[0] is not (' ' or '\n') && text.All(c => c is '\n' || !char.IsControl(c));

    private static string Literal(string text, int indent)
    {
        var trailing = text.Length - text.TrimEnd('\n').Length;
        var header = trailing switch { 0 => "|-", 1 => "|", _ => "|+" };
        var lines = text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "" : new string(' ', indent) + line);
        return string.Create(CultureInfo.InvariantCulture, $"{header}\n{string.Join('\n', lines)}{new string('\n', Math.Max(0, trailing - 1))}");
    }

    private static string Scalar(string text) =>
        PlainShape().IsMatch(text) && !ReadsAsSomethingElse().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoting);

    [GeneratedRegex(@"^[A-Za-z0-9./_][A-Za-z0-9./_@+=,()%-]*(:[A-Za-z0-9./_@+=,()%-]+|[ ](?=[A-Za-z0-9./_(=+]))*[A-Za-z0-9./_@+=,()%-]*\z")]
    private static partial Regex PlainShape();

    // Numbers in every notation of YAML 1.1, words for true, false and nothing, times, versions that look like numbers.
    [GeneratedRegex(@"^([-+.]?[0-9][0-9_,.:eExXoOa-fA-F+-]*|\.|y|n|yes|no|on|off|true|false|null|~|\.nan|[-+]?\.inf)\z", RegexOptions.IgnoreCase)]
    private static partial Regex ReadsAsSomethingElse();
}
