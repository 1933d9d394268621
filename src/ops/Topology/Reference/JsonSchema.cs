using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Topology.Reference;

/// <summary>The JSON schema of provost.yaml: editors complete and check with it.</summary>
public static class JsonSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text()
    {
        var root = Of(typeof(Installation));
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Of(Type type)
    {
        var properties = new JsonObject();
        foreach (var key in Keys.Of(type))
        {
            var schema = key.Kind switch
            {
                KeyKind.Record => Of(key.Type),
                KeyKind.Map => new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = Of(key.Type) },
                _ => Scalar(key),
            };
            schema["description"] = key.Description;
            properties[key.Name] = schema;
        }
        return new JsonObject { ["description"] = Descriptions.Of(type), ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Scalar(Key key)
    {
        var schema = key.Type switch
        {
            _ when key.Type == typeof(int) => new JsonObject { ["type"] = "integer" },
            _ when key.Type == typeof(double) => new JsonObject { ["type"] = "number" },
            _ when key.Type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when key.Type == typeof(ByteSize) => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,18} ?([KMGT]i(B)?)?$" },
            _ when key.Type == typeof(TimeSpan) => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,6}(ms|s|m|h|d)$" },
            _ when key.Type.IsEnum => new JsonObject { ["enum"] = new JsonArray([.. Scalars.Choices(key.Type).Select(c => JsonValue.Create(c))]) },
            _ => new JsonObject { ["type"] = "string" },
        };
        if (key.Property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            schema["maximum"] = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        }
        if (key.Property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            schema["pattern"] = pattern.Pattern;
        }
        if (key.DefaultText.Length > 0 && key.DefaultText != "none")
        {
            schema["default"] = schema["type"]?.GetValue<string>() is "integer" or "number" ? JsonNode.Parse(key.DefaultText) : key.DefaultText;
        }
        return schema;
    }
}
