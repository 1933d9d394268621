using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Sboms;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>An image with an operating system says which packages it has: without that, nobody can know what is wrong with them.</summary>
internal static class OsPackageCheck
{
    private const string Name = "OS packages";

    /// <summary>What no scanner can make up for: there is no record of any kind.</summary>
    public static CheckResult Run(string image, ImageContents contents, IReadOnlyList<Component> components) =>
        HasDebianRecords(components) || HasOtherRecords(contents) || !HasSystem(contents) ? CheckResult.Clean
            : new([], [new(image, Name, "it has an operating system and no record of its packages: build on a base that keeps them (/var/lib/dpkg/status or status.d)")]);

    /// <summary>What only other scanners can read.</summary>
    public static CheckResult OfOthers(string image, ImageContents contents, IReadOnlyList<Component> components) =>
        HasDebianRecords(components) || !HasOtherRecords(contents) ? CheckResult.Clean
            : new([], [new(image, Name, "its packages are recorded by apk or rpm, which only Trivy and Grype read: install one of them")]);

    private static bool HasDebianRecords(IReadOnlyList<Component> components) => components.Any(component => component.Ecosystem is Ecosystem.Deb);

    private static bool HasOtherRecords(ImageContents contents) => contents.Files.Keys.Any(path =>
        path == "lib/apk/db/installed" || path.StartsWith("var/lib/rpm/", StringComparison.Ordinal) || path.StartsWith("usr/lib/sysimage/rpm/", StringComparison.Ordinal));

    private static bool HasSystem(ImageContents contents) => contents.Find("etc/os-release") is not null || contents.Find("usr/lib/os-release") is not null
        || contents.Files.Keys.Select(path => path[(path.LastIndexOf('/') + 1)..])
            .Any(name => name.StartsWith("libc.so.", StringComparison.Ordinal) || name.StartsWith("ld-musl-", StringComparison.Ordinal) || name.StartsWith("ld-linux", StringComparison.Ordinal));
}
