using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>
/// Advisories that were brought along, for machines without a way out: per ecosystem a file of osv.dev (<c>NuGet.zip</c>,
/// <c>npm.zip</c>, <c>Debian.zip</c>, <c>Ubuntu.zip</c>, or <c>.json</c> with an array of records), or
/// <c>debian-security-tracker.json</c>.
/// </summary>
internal sealed class AdvisoryFolder(string folder, int days, TimeProvider time)
{
    /// <summary>The advisories of an ecosystem; null with the reason when there are none to be had, or too old ones.</summary>
    public (IReadOnlyList<Advisory>? Advisories, string? Problem) Read(string ecosystem)
    {
        string[] candidates = [$"{ecosystem}.zip", $"{ecosystem}.json", .. ecosystem == "Debian" ? ["debian-security-tracker.json"] : Array.Empty<string>()];
        var file = candidates.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return (null, $"{folder} has no {string.Join(" and no ", candidates)}");
        }
        var age = time.GetUtcNow() - File.GetLastWriteTimeUtc(file);
        if (age > TimeSpan.FromDays(days))
        {
            return (null, $"{file} is {(int)age.TotalDays} days old, {days} are allowed: fetch it again");
        }
        try
        {
            return ([.. Records(file)], null);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException or NullReferenceException)
        {
            return (null, $"{file} cannot be read: {e.Message}");
        }
    }

    private static IEnumerable<Advisory> Records(string file)
    {
        if (file.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = ZipFile.OpenRead(file);
            return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.Ordinal)).SelectMany(entry =>
            {
                using var stream = entry.Open();
                return OsvFile.Read(JsonNode.Parse(stream)!).ToList();
            })];
        }
        using var text = File.OpenRead(file);
        var json = JsonNode.Parse(text)!;
        return [.. json is JsonArray records ? records.SelectMany(record => OsvFile.Read(record!)) : DebianTracker.Read(json)];
    }
}
