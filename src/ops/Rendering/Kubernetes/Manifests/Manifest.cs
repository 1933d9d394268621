using System.Text.Json.Nodes;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>One object of the cluster, as its server takes it. Properties without a value are left out.</summary>
public sealed record Manifest
{
    public Manifest(JsonObject body) => Body = (JsonObject)WithoutNulls(body)!;

    public JsonObject Body { get; }

    public string ApiVersion => (string)Body["apiVersion"]!;

    public string Kind => (string)Body["kind"]!;

    public string Name => (string)Body["metadata"]!["name"]!;

    /// <summary>Null for objects of the whole cluster.</summary>
    public string? Namespace => (string?)Body["metadata"]!["namespace"];

    public override string ToString() => $"{Kind} {Name}";

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value)))),
        JsonArray list => new JsonArray([.. list.Where(item => item is not null).Select(WithoutNulls)]),
        null => null,
        _ => node.DeepClone(),
    };
}
