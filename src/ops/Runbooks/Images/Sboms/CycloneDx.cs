using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>The bill of materials of an image as CycloneDX 1.6 JSON. The same image gives the same bytes: no clock, no random id.</summary>
public static class CycloneDx
{
    /// <param name="id">Digest of the image's configuration.</param>
    /// <param name="created">The image's own time.</param>
    public static string Write(string name, string version, string id, string created, IReadOnlyList<Component> components) => new JsonObject
    {
        ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["serialNumber"] = $"urn:uuid:{Uuid(id)}",
        ["version"] = 1,
        ["metadata"] = new JsonObject
        {
            ["timestamp"] = created,
            ["tools"] = new JsonObject { ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "provost" }) },
            ["component"] = new JsonObject
            {
                ["type"] = "container",
                ["bom-ref"] = $"{name}@{id}",
                ["name"] = name,
                ["version"] = version,
                ["hashes"] = Hashes(id["sha256:".Length..]),
            },
        },
        ["components"] = new JsonArray([.. components.Select(Json)]),
        ["dependencies"] = new JsonArray(new JsonObject
        {
            ["ref"] = $"{name}@{id}",
            ["dependsOn"] = new JsonArray([.. components.Select(component => (JsonNode)component.Reference)]),
        }),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private static JsonObject Json(Component component)
    {
        var json = new JsonObject
        {
            ["type"] = component.Ecosystem is Ecosystem.File ? "file" : "library",
            ["bom-ref"] = component.Reference,
            ["name"] = component.Name,
        };
        if (component.Version.Length > 0)
        {
            json["version"] = component.Version;
        }
        if (component.Ecosystem is Ecosystem.File)
        {
            json["hashes"] = Hashes(component.Files[0].Sha256);
        }
        if (component.PackageUrl is { } url)
        {
            json["purl"] = url;
        }
        if (component.Ecosystem is not Ecosystem.File && component.Files.Count > 0)
        {
            json["components"] = new JsonArray([.. component.Files.Select(file => (JsonNode)new JsonObject
            {
                ["type"] = "file",
                ["bom-ref"] = $"{component.Reference}#{file.Path}",
                ["name"] = file.Path,
                ["hashes"] = Hashes(file.Sha256),
            })]);
        }
        return json;
    }

    private static JsonArray Hashes(string sha256) => new(new JsonObject { ["alg"] = "SHA-256", ["content"] = sha256 });

    // Version 8 of RFC 9562: a UUID of one's own making, here of the image's digest.
    private static Guid Uuid(string id)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(id))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
