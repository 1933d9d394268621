using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Topology.Reference;

/// <summary>An installation written out with every key, as a provost.yaml that reads back to the same.</summary>
public static class ConfigurationPage
{
    public static string Yaml(Installation installation)
    {
        var page = new StringBuilder();
        Write(page, Tree(installation), 0);
        return page.ToString();
    }

    public static string Json(Installation installation) => Tree(installation).ToJsonString();

    private static JsonObject Tree(object record)
    {
        var tree = new JsonObject();
        foreach (var key in Keys.Of(record.GetType()))
        {
            var value = key.Property.GetValue(record);
            tree[key.Name] = key.Kind switch
            {
                KeyKind.Record => value is null ? null : Tree(value),
                KeyKind.Map => Entries((IDictionary)value!),
                _ => value switch
                {
                    null => null,
                    int number => number,
                    double number => number,
                    bool flag => flag,
                    _ => Scalars.Format(value),
                },
            };
        }
        return tree;
    }

    private static JsonObject Entries(IDictionary map)
    {
        var tree = new JsonObject();
        foreach (DictionaryEntry entry in map)
        {
            tree[(string)entry.Key] = Tree(entry.Value!);
        }
        return tree;
    }

    private static void Write(StringBuilder page, JsonObject tree, int depth)
    {
        foreach (var (name, value) in tree)
        {
            var indent = new string(' ', depth * 2);
            switch (value)
            {
                case null:
                    page.Append(CultureInfo.InvariantCulture, $"{indent}# {name}: not set\n");
                    break;
                case JsonObject below:
                    page.Append(CultureInfo.InvariantCulture, $"{indent}{name}:\n");
                    Write(page, below, depth + 1);
                    break;
                default:
                    page.Append(CultureInfo.InvariantCulture, $"{indent}{name}: {Scalar(value)}\n");
                    break;
            }
        }
    }

    // Quoted only where YAML would read something else: a colon, a leading sign, a number in text.
    private static string Scalar(JsonNode value)
    {
        var text = value.ToString();
        var isText = value.GetValueKind() == System.Text.Json.JsonValueKind.String;
        var isPlain = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '-' or '_') && char.IsAsciiLetterOrDigit(text[0]) && !double.TryParse(text, CultureInfo.InvariantCulture, out _);
        return !isText ? value.ToJsonString() : isPlain || text is ".provost" ? text : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }
}
