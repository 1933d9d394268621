using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>The JSON of the Debian security tracker: package -> vulnerability -> release -> status.</summary>
internal static class DebianTracker
{
    private static readonly Dictionary<string, string> Releases = new(StringComparer.Ordinal)
    {
        ["bullseye"] = "Debian:11",
        ["bookworm"] = "Debian:12",
        ["trixie"] = "Debian:13",
        ["forky"] = "Debian:14",
    };

    public static IEnumerable<Advisory> Read(JsonNode tracker) =>
        from package in tracker.AsObject()
        from vulnerability in package.Value!.AsObject()
        from release in vulnerability.Value!["releases"]?.AsObject() ?? []
        where Releases.ContainsKey(release.Key)
        let status = release.Value!
        let version = (string?)status["fixed_version"]
        where (string?)status["status"] is "open" or "resolved" && version != "0" && !((string?)status["status"] == "resolved" && version is null)
        select new Advisory(
            vulnerability.Key, OsvFile.Word((string?)status["urgency"]) ?? Severity.Medium, Releases[release.Key], package.Key,
            [new AffectedRange(null, (string?)status["status"] == "resolved" ? version : null, null)], []);
}
