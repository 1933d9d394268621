using System.Text.Json.Nodes;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>Schemas of a real API server; objects are checked as it does with strict field validation: an unknown field is an error.</summary>
internal sealed class OpenApiSchemas
{
    private readonly Dictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiVersion, string Kind), string> kinds = [];

    private OpenApiSchemas(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            foreach (var (name, schema) in JsonNode.Parse(File.ReadAllText(file))!["components"]!["schemas"]!.AsObject())
            {
                schemas[name] = schema!.AsObject();
                foreach (var kind in schema["x-kubernetes-group-version-kind"] as JsonArray ?? [])
                {
                    var (group, version) = ((string)kind!["group"]!, (string)kind["version"]!);
                    kinds.TryAdd((group.Length == 0 ? version : $"{group}/{version}", (string)kind["kind"]!), name);
                }
            }
        }
    }

    public static OpenApiSchemas? Find()
    {
        for (var at = new DirectoryInfo(Golden.Root); at is not null; at = at.Parent)
        {
            if (Path.Combine(at.FullName, "shared", "data", "kubernetes-openapi") is var folder && Directory.Exists(folder))
            {
                return new OpenApiSchemas(folder);
            }
        }
        return null;
    }

    public bool Knows(string apiVersion, string kind) => kinds.ContainsKey((apiVersion, kind));

    public List<string> Problems(JsonObject body)
    {
        List<string> problems = [];
        Check(schemas[kinds[((string)body["apiVersion"]!, (string)body["kind"]!)]], body, (string)body["kind"]!, problems);
        return problems;
    }

    private void Check(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        schema = Resolve(schema);
        if (schema["oneOf"] is JsonArray alternatives)
        {
            if (!alternatives.Any(alternative => Fits(alternative!.AsObject(), value, path)))
            {
                problems.Add($"{path}: {value?.ToJsonString()} is none of the allowed types");
            }
            return;
        }
        switch ((string?)schema["type"])
        {
            case "object":
                CheckObject(schema, value, path, problems);
                break;
            case "array" when value is JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Check(schema["items"]!.AsObject(), list[i], $"{path}[{i}]", problems);
                }
                break;
            case null:
                break;
            case var type when !IsScalar(type, value):
                problems.Add($"{path}: {value?.ToJsonString()} is no {type}");
                break;
        }
        if (schema["enum"] is JsonArray allowed && !allowed.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            problems.Add($"{path}: {value?.ToJsonString()} is none of {allowed.ToJsonString()}");
        }
    }

    private void CheckObject(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        if (value is not JsonObject map)
        {
            problems.Add($"{path}: {value?.ToJsonString()} is no object");
            return;
        }
        foreach (var required in schema["required"] as JsonArray ?? [])
        {
            if (map[(string)required!] is null)
            {
                problems.Add($"{path}.{required} is missing");
            }
        }
        var properties = schema["properties"] as JsonObject;
        var others = schema["additionalProperties"] as JsonObject;
        foreach (var (name, member) in map)
        {
            if (properties?[name] is JsonObject known)
            {
                Check(known, member, $"{path}.{name}", problems);
            }
            else if (others is not null)
            {
                Check(others, member, $"{path}.{name}", problems);
            }
            else if (properties is not null)
            {
                problems.Add($"{path}.{name} is unknown");
            }
        }
    }

    private bool Fits(JsonObject schema, JsonNode? value, string path)
    {
        List<string> problems = [];
        Check(schema, value, path, problems);
        return problems.Count == 0;
    }

    private JsonObject Resolve(JsonObject schema)
    {
        var reference = (string?)schema["$ref"] ?? (schema["allOf"] is JsonArray { Count: 1 } all ? (string?)all[0]!["$ref"] : null);
        return reference is null ? schema : schemas[reference[(reference.LastIndexOf('/') + 1)..]];
    }

    private static bool IsScalar(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("string", System.Text.Json.JsonValueKind.String) => true,
        ("integer", System.Text.Json.JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out _) || value.AsValue().TryGetValue<int>(out _),
        ("number", System.Text.Json.JsonValueKind.Number) => true,
        ("boolean", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => true,
        _ => false,
    };
}
