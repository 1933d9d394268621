using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>Volumes of pods and where they are mounted.</summary>
internal static class Volume
{
    // Owner root, the pod's group: read, and nothing else (0440).
    private const int GroupMayRead = 0b100_100_000;

    private const int GroupMayRun = 0b101_101_000;

    public static JsonObject Scratch(string name, string limit = "1Gi") => new() { ["name"] = name, ["emptyDir"] = new JsonObject { ["sizeLimit"] = limit } };

    public static JsonObject Secret(string name, string secret, params (string Key, string Path)[] items) => new()
    {
        ["name"] = name,
        ["secret"] = new JsonObject
        {
            ["secretName"] = secret,
            ["defaultMode"] = GroupMayRead,
            ["items"] = items.Length == 0 ? null
                : new JsonArray([.. items.Select(item => (JsonNode)new JsonObject { ["key"] = item.Key, ["path"] = item.Path })]),
        },
    };

    public static JsonObject Configuration(string name, string map, bool programs = false) =>
        new() { ["name"] = name, ["configMap"] = new JsonObject { ["name"] = map, ["defaultMode"] = programs ? GroupMayRun : GroupMayRead } };

    public static JsonObject Claim(string name, string claim) => new() { ["name"] = name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } };

    /// <summary>Several Secrets in one volume, each in a folder of it.</summary>
    public static JsonObject Projected(string name, IReadOnlyList<JsonObject> sources) =>
        new() { ["name"] = name, ["projected"] = new JsonObject { ["defaultMode"] = GroupMayRead, ["sources"] = new JsonArray([.. sources]) } };

    /// <param name="part">A folder of the volume; all of it when null.</param>
    public static JsonObject Mount(string name, string path, bool readOnly = false, string? part = null) =>
        new() { ["name"] = name, ["mountPath"] = path, ["readOnly"] = readOnly ? true : null, ["subPath"] = part };

    /// <summary>What a claim asks for: one pod writes, of the class that was chosen or of the cluster's default.</summary>
    public static JsonObject ClaimSpec(string? storageClass, ByteSize size) => new()
    {
        ["accessModes"] = new JsonArray("ReadWriteOnce"),
        ["storageClassName"] = storageClass,
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Quantity.Bytes(size) } },
    };
}
