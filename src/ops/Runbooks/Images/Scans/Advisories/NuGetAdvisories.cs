using System.Text.Json;
using System.Text.Json.Nodes;
using NuGet.Versioning;
using Provost.Runbooks.Images.Sboms;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>
/// The vulnerability resource of the NuGet feeds that this machine uses, matched with what is in the image. A feed without
/// that resource has nothing to say, which is not the same as nothing found; <c>dotnet list package --vulnerable</c> shows no
/// difference, so it is not used.
/// </summary>
internal sealed class NuGetAdvisories(HttpClient http, Func<CancellationToken, Task<IReadOnlyList<string>>> feeds)
{
    public static async Task<IReadOnlyList<string>> FeedsOfMachineAsync(CancellationToken cancellation)
    {
        if (Shell.Find("dotnet") is null)
        {
            return [];
        }
        var (_, lines) = await Shell.RunAsync(new("dotnet", ["nuget", "list", "source", "--format", "short"]), null, cancellation);
        return [.. lines.Where(line => line.StartsWith("E ", StringComparison.Ordinal) && line.Contains("https://", StringComparison.Ordinal)).Select(line => line[line.IndexOf("https://", StringComparison.Ordinal)..].Trim())];
    }

    public async Task<CheckResult> CheckAsync(string image, IReadOnlyList<Component> components, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        var answered = false;
        try
        {
            foreach (var feed in await feeds(cancellation))
            {
                foreach (var page in await PagesAsync(feed, cancellation))
                {
                    answered = true;
                    findings.AddRange(components.SelectMany(component => Match(image, component, page)));
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new(findings, [new(image, "NuGet advisories", $"a feed could not be asked: {e.Message}")]);
        }
        return answered ? CheckResult.Of(findings.DistinctBy(finding => (finding.Rule, finding.Subject)))
            : new([], [new(image, "NuGet advisories", "no feed of this machine publishes vulnerabilities (VulnerabilityInfo)")]);
    }

    private async Task<IReadOnlyList<JsonNode>> PagesAsync(string feed, CancellationToken cancellation)
    {
        var index = JsonNode.Parse(await http.GetStringAsync(feed, cancellation));
        var resource = index?["resources"]?.AsArray().FirstOrDefault(one => ((string?)one?["@type"])?.StartsWith("VulnerabilityInfo/", StringComparison.Ordinal) == true);
        if ((string?)resource?["@id"] is not { } address)
        {
            return [];
        }
        List<JsonNode> pages = [];
        foreach (var page in JsonNode.Parse(await http.GetStringAsync(address, cancellation))!.AsArray())
        {
            pages.Add(JsonNode.Parse(await http.GetStringAsync(new Uri(new Uri(address), (string)page!["@id"]!), cancellation))!);
        }
        return pages;
    }

    private static IEnumerable<Finding> Match(string image, Component component, JsonNode page) =>
        from advisory in page[component.Name.ToLowerInvariant()]?.AsArray() ?? []
        where NuGetVersion.TryParse(component.Version, out var version) && VersionRange.Parse((string)advisory!["versions"]!).Satisfies(version)
        let url = (string)advisory!["url"]!
        select new Finding(image, url[(url.LastIndexOf('/') + 1)..], (Severity)(int)advisory["severity"]!, $"{component.Name} {component.Version}", $"update it: {url}");
}
