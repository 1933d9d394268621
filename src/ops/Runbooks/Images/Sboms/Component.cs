namespace Provost.Runbooks.Images.Sboms;

/// <summary>Where a component comes from, in the words of package URLs.</summary>
public enum Ecosystem
{
    Deb,
    NuGet,
    Npm,
    /// <summary>A program that was copied out of another image.</summary>
    Program,
    /// <summary>Compiled from this repository.</summary>
    Own,
    File,
}

/// <summary>Something in an image that has a version, or a file that nothing else explains.</summary>
public sealed record Component(Ecosystem Ecosystem, string Name, string Version)
{
    public string? Distribution { get; init; }
    public string? Source { get; init; }
    public string? Architecture { get; init; }

    /// <summary>Known from a list of our own alone, which no scanner of others reads.</summary>
    public bool IsListed { get; init; }

    /// <summary>Path and SHA-256 of the files that it has in the image, where that is known.</summary>
    public IReadOnlyList<ComponentFile> Files { get; init; } = [];

    public string? PackageUrl => Ecosystem switch
    {
        Ecosystem.Deb => $"pkg:deb/{Distribution![..Distribution!.IndexOf('-', StringComparison.Ordinal)]}/{Uri.EscapeDataString(Name)}@{Uri.EscapeDataString(Version)}?arch={Architecture}&distro={Distribution}",
        Ecosystem.NuGet => $"pkg:nuget/{Uri.EscapeDataString(Name)}@{Uri.EscapeDataString(Version)}",
        Ecosystem.Npm => $"pkg:npm/{Name.Replace("@", "%40", StringComparison.Ordinal)}@{Uri.EscapeDataString(Version)}",
        Ecosystem.Own or Ecosystem.Program => $"pkg:generic/{Name}@{Uri.EscapeDataString(Version)}",
        _ => null,
    };

    public string Reference => PackageUrl ?? $"file:{Name}";
}

public sealed record ComponentFile(string Path, string Sha256);
