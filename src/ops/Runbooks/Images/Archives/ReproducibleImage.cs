using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Archives;

/// <summary>
/// Makes an image of the same source the same bytes, whatever engine and builder made it and whenever: layers above the base
/// get one fixed time, and of the configuration only what a container is started from remains. Layers of the base stay as they are.
/// </summary>
internal static class ReproducibleImage
{
    private const string OfBase = "the base image";
    private const string OfBuild = "provost images build";
    private static readonly string[] Kept =
        ["User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal", "Healthcheck"];

    /// <summary>How many of the lowest layers are those of the base, as the build noted it; null for an image that was built elsewhere.</summary>
    public static int? BaseLayersOf(JsonObject config)
    {
        var steps = (config["history"]?.AsArray() ?? []).Select(step => (string?)step?["created_by"]).ToList();
        return steps.Count > 0 && steps.Count == config["rootfs"]?["diff_ids"]?.AsArray().Count && steps.TrueForAll(step => step is OfBase or OfBuild)
            ? steps.Count(step => step == OfBase) : null;
    }

    /// <returns>The configuration and the layers, the rewritten ones in <paramref name="folder"/>.</returns>
    public static async Task<(byte[] Config, IReadOnlyList<Layer> Layers)> MakeAsync(
        SavedImage image, IReadOnlyList<string> baseLayers, DateTimeOffset time, string folder, CancellationToken cancellation)
    {
        var digests = image.LayerDigests;
        var shared = digests.Take(baseLayers.Count).SequenceEqual(baseLayers) ? baseLayers.Count
            : throw new OperationError(ErrorKind.Failed, "the built image does not stand on the base that the engine has under that name", "the base was pulled again meanwhile: run this again");
        List<Layer> layers = [];
        for (var i = 0; i < digests.Count; i++)
        {
            var number = i;
            layers.Add(i < shared
                ? new(digests[i], () => image.OpenLayer(number), IsBase: true)
                : await RewriteAsync(image.OpenLayer(number), Path.Combine(folder, $"layer-{number}.tar"), time, cancellation));
        }
        return (Config(image.Config, layers, time), layers);
    }

    private static async Task<Layer> RewriteAsync(Stream from, string path, DateTimeOffset time, CancellationToken cancellation)
    {
        await using var source = from;
        await using var file = File.Create(path, 1 << 20);
        using var hash = new HashingStream(file);
        await LayerRewriter.RewriteAsync(source, hash, time.ToUnixTimeSeconds(), cancellation);
        return new(hash.Digest(), () => File.OpenRead(path), IsBase: false);
    }

    private static byte[] Config(JsonObject from, List<Layer> layers, DateTimeOffset time)
    {
        var created = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var container = new JsonObject();
        foreach (var key in Kept)
        {
            if (from["config"]?[key] is { } value && !IsEmpty(value))
            {
                container[key] = Sorted(value);
            }
        }
        var config = new JsonObject
        {
            ["architecture"] = (string)from["architecture"]!,
            ["os"] = (string)from["os"]!,
            ["created"] = created,
            ["config"] = container,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)layer.Digest)]) },
            ["history"] = new JsonArray([.. layers.Select(layer => (JsonNode)new JsonObject
            {
                ["created"] = created,
                ["created_by"] = layer.IsBase ? OfBase : OfBuild,
            })]),
        };
        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    // One builder writes null where another writes an empty list or leaves the key out.
    private static bool IsEmpty(JsonNode value) => value switch
    {
        JsonArray array => array.Count == 0,
        JsonObject members => members.Count == 0,
        _ => value.GetValueKind() == System.Text.Json.JsonValueKind.String && (string)value! == "",
    };

    private static JsonNode Sorted(JsonNode value) => value is JsonObject members
        ? new JsonObject(members.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : Sorted(pair.Value))))
        : value.DeepClone();
}

/// <summary>An uncompressed layer.</summary>
internal sealed record Layer(string Digest, Func<Stream> Open, bool IsBase);
