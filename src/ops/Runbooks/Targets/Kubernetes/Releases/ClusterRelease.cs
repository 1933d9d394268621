using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Releases;

/// <summary>How far a release came.</summary>
public enum ReleaseState
{
    Applying,
    Deployed,
    Failed,
}

/// <summary>A release of a site, kept in the cluster with all its objects: what rollback goes back to, and what belongs to the site.</summary>
public sealed record ClusterRelease(int Number, string Version, ReleaseState State, DateTimeOffset At, IReadOnlyList<Manifest> Manifests)
{
    public const string Label = "provost.dev/release";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"release-{Number:000000}");

    public JsonObject Body(string space, string installation) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = space,
            ["labels"] = new JsonObject
            {
                [Label] = "true",
                ["app.kubernetes.io/instance"] = installation,
                ["app.kubernetes.io/part-of"] = "provost",
                ["app.kubernetes.io/managed-by"] = "provost",
            },
        },
        ["data"] = new JsonObject { ["version"] = Version, ["state"] = State.ToString(), ["at"] = At.ToString("O", CultureInfo.InvariantCulture) },
        ["binaryData"] = new JsonObject { ["objects"] = Convert.ToBase64String(Pack(Manifests)) },
    };

    /// <summary>Null when the ConfigMap is no release that can be read.</summary>
    public static ClusterRelease? Read(JsonObject map)
    {
        try
        {
            var data = map["data"]!;
            return new ClusterRelease(
                int.Parse(((string)map["metadata"]!["name"]!)["release-".Length..], CultureInfo.InvariantCulture), (string)data["version"]!,
                Enum.Parse<ReleaseState>((string)data["state"]!), DateTimeOffset.Parse((string)data["at"]!, CultureInfo.InvariantCulture),
                Unpack(Convert.FromBase64String((string)map["binaryData"]!["objects"]!)));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidDataException or JsonException or NullReferenceException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] Pack(IReadOnlyList<Manifest> manifests)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(new JsonArray([.. manifests.Select(m => m.Body.DeepClone())]).ToJsonString()));
        }
        return packed.ToArray();
    }

    private static Manifest[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return [.. JsonNode.Parse(gzip)!.AsArray().Select(body => new Manifest(body!.AsObject()))];
    }
}
