using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Archives;

/// <summary>Writes what <c>docker load</c> reads, of any version of Docker.</summary>
internal static class DockerArchive
{
    public static async Task WriteAsync(
        Stream output, byte[] config, IReadOnlyList<Layer> layers, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var tar = new TarOutput(output);
        var configName = OciLayout.Digest(config)["sha256:".Length..] + ".json";
        await tar.WriteAsync(configName, config, cancellation);
        List<string> written = [];
        foreach (var layer in layers)
        {
            var name = $"{written.Count}/layer.tar";
            await using var content = layer.Open();
            await tar.WriteAsync(new(name, '0', 0x1A4, 0, 0, 0), content, content.Length, cancellation);
            written.Add(name);
        }
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = configName,
            ["RepoTags"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
            ["Layers"] = new JsonArray([.. written.Select(name => (JsonNode)name)]),
        });
        await tar.WriteAsync("manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()), cancellation);
        await tar.EndAsync(cancellation);
    }
}
