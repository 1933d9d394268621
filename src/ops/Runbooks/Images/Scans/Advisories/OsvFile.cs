using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>A vulnerability in the OSV format (https://ossf.github.io/osv-schema/), the export of osv.dev.</summary>
internal static class OsvFile
{
    public static IEnumerable<Advisory> Read(JsonNode record)
    {
        if (record["withdrawn"] is not null)
        {
            yield break;
        }
        var id = (string)record["id"]!;
        foreach (var affected in record["affected"]?.AsArray() ?? [])
        {
            if (affected?["package"] is { } package)
            {
                yield return new(
                    id, SeverityOf(affected) ?? SeverityOf(record) ?? Scored(affected) ?? Scored(record) ?? Severity.High, (string)package["ecosystem"]!, (string)package["name"]!,
                    [.. (affected["ranges"]?.AsArray() ?? []).Where(range => (string?)range?["type"] != "GIT").SelectMany(range => Ranges(range!["events"]!.AsArray()))],
                    [.. (affected["versions"]?.AsArray() ?? []).Select(version => (string)version!)]);
            }
        }
    }

    private static IEnumerable<AffectedRange> Ranges(JsonArray events)
    {
        string? introduced = null;
        foreach (var happened in events)
        {
            if ((string?)happened?["introduced"] is { } from)
            {
                introduced = from;
            }
            else if (((string?)happened?["fixed"], (string?)happened?["last_affected"]) is var (to, last) && (to ?? last) is not null)
            {
                yield return new(introduced, to, last);
                introduced = null;
            }
        }
        if (introduced is not null)
        {
            yield return new(introduced, null, null);
        }
    }

    // Without a word for it, an advisory counts as high: nobody has said that it is harmless.
    private static Severity? SeverityOf(JsonNode node) =>
        Word((string?)(node["database_specific"] as JsonObject)?["severity"]) ?? Word((string?)(node["ecosystem_specific"] as JsonObject)?["severity"]) ?? Word((string?)(node["ecosystem_specific"] as JsonObject)?["urgency"]);

    // A vector of CVSS, or a word of the distribution's own: {"type":"Ubuntu","score":"medium"}. CVSS 4 counts by a table of its own and is left out.
    private static Severity? Scored(JsonNode node) => (node["severity"] as JsonArray ?? [])
        .Select(one => (string?)one?["score"]).OfType<string>().Select(score => Word(score) ?? CvssVector.SeverityOf(score)).Max();

    public static Severity? Word(string? word) => word?.ToUpperInvariant().TrimEnd('*') switch
    {
        "CRITICAL" => Severity.Critical,
        "HIGH" or "IMPORTANT" => Severity.High,
        "MEDIUM" or "MODERATE" or "NOT YET ASSIGNED" => Severity.Medium,
        "LOW" or "MINOR" or "NEGLIGIBLE" or "UNIMPORTANT" or "END-OF-LIFE" or "INFO" => Severity.Low,
        _ => null,
    };
}
