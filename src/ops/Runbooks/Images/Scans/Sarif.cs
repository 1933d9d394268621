using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Scans;

/// <summary>A scan as SARIF 2.1.0, which code hosts show beside the code.</summary>
public static class Sarif
{
    public static string Write(ScanReport report, string version)
    {
        var all = report.Findings.Select(finding => (Finding: finding, Exception: (PolicyException?)null))
            .Concat(report.Excepted.Select(one => (one.Finding, Exception: (PolicyException?)one.Exception))).ToList();
        var rules = all.Select(one => one.Finding.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "provost images scan",
                        ["semanticVersion"] = version,
                        ["rules"] = new JsonArray([.. rules.Select(rule => (JsonNode)new JsonObject { ["id"] = rule })]),
                    },
                },
                ["invocations"] = new JsonArray(new JsonObject
                {
                    ["executionSuccessful"] = report.Incomplete.Count == 0,
                    ["toolExecutionNotifications"] = new JsonArray([.. report.Incomplete.Select(one => (JsonNode)new JsonObject
                    {
                        ["level"] = "error",
                        ["message"] = new JsonObject { ["text"] = $"{one.Image}: {one.Check}: {one.Reason}" },
                    })]),
                }),
                ["results"] = new JsonArray([.. all.Select(one => (JsonNode)Result(one.Finding, one.Exception, rules))]),
            }),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static JsonObject Result(Finding finding, PolicyException? exception, List<string> rules)
    {
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = rules.IndexOf(finding.Rule),
            ["level"] = finding.Severity switch { Severity.Low => "note", Severity.Medium => "warning", _ => "error" },
            ["message"] = new JsonObject { ["text"] = $"{finding.Image}: {finding.Subject}. {finding.Fix}" },
            ["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = $"deploy/docker/{finding.Image}.Dockerfile" } },
                ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = $"{finding.Image}:{finding.Subject}" }),
            }),
        };
        if (exception is not null)
        {
            result["suppressions"] = new JsonArray(new JsonObject { ["kind"] = "external", ["justification"] = $"{exception.Reason} (until {exception.Until:yyyy-MM-dd})" });
        }
        return result;
    }
}
