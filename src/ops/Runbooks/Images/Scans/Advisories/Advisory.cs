using NuGet.Versioning;
using Provost.Runbooks.Images.Sboms;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>Versions from the introduced one on, up to the fixed one (not included) or the last affected one (included).</summary>
public sealed record AffectedRange(string? Introduced, string? Fixed, string? LastAffected);

/// <summary>A known vulnerability of a package.</summary>
/// <param name="Ecosystem">As OSV spells it: NuGet, npm, Debian:12, Ubuntu:24.04:LTS.</param>
public sealed record Advisory(string Id, Severity Severity, string Ecosystem, string Package, IReadOnlyList<AffectedRange> Ranges, IReadOnlyList<string> Versions)
{
    public bool Affects(Component component)
    {
        IComparer<string> order = component.Ecosystem is Sboms.Ecosystem.Deb ? DebianVersionOrder.Instance : SemanticOrder.Instance;
        return Versions.Contains(component.Version) || Ranges.Any(range =>
            (range.Introduced is null or "0" || order.Compare(component.Version, range.Introduced) >= 0)
            && (range.Fixed is null || order.Compare(component.Version, range.Fixed) < 0)
            && (range.LastAffected is null || order.Compare(component.Version, range.LastAffected) <= 0));
    }

    public Finding Finding(string image, Component component) => new(
        image, Id, Severity, $"{component.Name} {component.Version}",
        Ranges.Select(range => range.Fixed).LastOrDefault(version => version is not null) is { } version
            ? $"update {component.Name} to {version} or newer" : "no fixed version is known: replace it, or accept it until a day in the scan policy");

    private sealed class SemanticOrder : IComparer<string>
    {
        public static SemanticOrder Instance { get; } = new();

        public int Compare(string? x, string? y) => NuGetVersion.TryParse(x, out var left) && NuGetVersion.TryParse(y, out var right)
            ? left.CompareTo(right) : string.CompareOrdinal(x, y);
    }
}
