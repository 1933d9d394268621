using Provost.Runbooks.Images.Scans.Advisories;
using Provost.Runbooks.Images.Sboms;

namespace Provost.Runbooks.Images.Scans.Scanners;

/// <summary>Needs no program: matches what is in the image with advisories from a folder, else from the feeds of this machine.</summary>
internal sealed class AdvisoryScanner(AdvisoryFolder? folder, NuGetAdvisories nuget, NpmAdvisories npm) : IScanner
{
    public async Task<CheckResult> ScanAsync(ScanSubject subject, CancellationToken cancellation)
    {
        var result = CheckResult.Clean;
        foreach (var group in subject.Components.Where(component => EcosystemOf(component) is not null).GroupBy(component => EcosystemOf(component)!, StringComparer.Ordinal))
        {
            result += await ScanAsync(subject.Image, group.Key, [.. group], cancellation);
        }
        return result;
    }

    private async Task<CheckResult> ScanAsync(string image, string ecosystem, IReadOnlyList<Component> components, CancellationToken cancellation)
    {
        var (advisories, problem) = folder?.Read(ecosystem) ?? (null, "no folder of advisories was given (--advisories DIR)");
        if (advisories is not null)
        {
            var byPackage = advisories.ToLookup(advisory => advisory.Package, StringComparer.OrdinalIgnoreCase);
            return CheckResult.Of(
                from component in components
                from advisory in byPackage[component.Source ?? component.Name]
                where InRelease(advisory, component) && advisory.Affects(component)
                select advisory.Finding(image, component));
        }
        return ecosystem switch
        {
            "NuGet" => await nuget.CheckAsync(image, components, cancellation),
            "npm" => await npm.CheckAsync(image, components, cancellation),
            _ => new([], [new(image, $"{ecosystem} advisories", problem!)]),
        };
    }

    private static string? EcosystemOf(Component component) => component.Ecosystem switch
    {
        Ecosystem.NuGet => "NuGet",
        Ecosystem.Npm => "npm",
        Ecosystem.Deb when component.Distribution!.StartsWith("ubuntu-", StringComparison.Ordinal) => "Ubuntu",
        Ecosystem.Deb => "Debian",
        _ => null,
    };

    // debian-12 is Debian:12, ubuntu-24.04 is Ubuntu:24.04:LTS.
    private static bool InRelease(Advisory advisory, Component component) => component.Distribution is not { } distribution
        || advisory.Ecosystem.Split(':') is [_, var release, ..] && distribution.EndsWith("-" + release, StringComparison.Ordinal);
}
