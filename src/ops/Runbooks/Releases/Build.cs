using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Releases;

/// <summary>Builds a release from a checkout: only what changed, and nothing when nothing did.</summary>
public static class Build
{
    private static readonly string[] RootFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "BannedSymbols.txt", "NuGet.config"];
    // What a newcomer waits for leaves out what he does not need: audits and analyzers belong to the tests, and the last sixth of the
    // download's size costs half a minute of a processor; images and packages, which are built once for many, have it.
    private static readonly string[] Quick = ["-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:NuGetAudit=false", "-p:_BlazorBrotliCompressionLevel=Optimal"];

    // A compiler that ends after a minute gains nothing from compiling itself again (decision 0006).
    private static readonly Dictionary<string, string> QuickCompilers = new() { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountThreshold"] = "1000" };

    private static readonly string[] Skipped = ["obj", "bin", "node_modules"];

    /// <summary>Changes with every source file of the platform, by content: a touched file is not a changed one.</summary>
    public static string Fingerprint(Checkout checkout)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in SourceFiles(checkout).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(checkout.Root, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    public static bool IsCurrent(Checkout checkout, string fingerprint) =>
        File.Exists(checkout.Stamp) && File.ReadAllText(checkout.Stamp).Trim() == fingerprint && Library(checkout) is not null;

    public static IReadOnlyList<Step> Steps(Checkout checkout, string fingerprint)
    {
        var dotnet = new Step.Run(
            "Build the services",
            new Command("dotnet", ["publish", checkout.Filter, "-c", "Release", "--nologo", "-v", "quiet", .. Quick], checkout.Root, QuickCompilers),
            "correct what the compiler says above; when packages could not be fetched, check the network and the package source");
        var npm = new Step.Run(
            "Fetch the embedded ClickHouse",
            new Command("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", checkout.LibraryFolder], checkout.Root),
            "check the network and the npm registry, then run provost up again");
        Step clean = new Step.CleanBundle(checkout);
        return Library(checkout) is null
            ? [clean, new Step.PrepareLibrary(checkout), new Step.Together("Build", [dotnet, npm]), new Step.StampBuild(checkout, fingerprint)]
            : [clean, dotnet, new Step.StampBuild(checkout, fingerprint)];
    }

    /// <summary>The engine's library, when it is there in the version that the lock file names.</summary>
    public static string? Library(Checkout checkout)
    {
        var modules = Path.Combine(checkout.LibraryFolder, "node_modules");
        var wanted = Path.Combine(checkout.Sources, "Stores", "package-lock.json");
        var installed = Path.Combine(checkout.LibraryFolder, "package-lock.json");
        return Directory.Exists(modules) && File.Exists(wanted) && File.Exists(installed) && File.ReadAllBytes(wanted).AsSpan().SequenceEqual(File.ReadAllBytes(installed))
            ? Directory.EnumerateFiles(modules, "libchdb.so", SearchOption.AllDirectories).FirstOrDefault()
            : null;
    }

    internal static void PrepareLibrary(Checkout checkout)
    {
        Directory.CreateDirectory(checkout.LibraryFolder);
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(checkout.Sources, "Stores", name), Path.Combine(checkout.LibraryFolder, name), overwrite: true);
        }
    }

    // A publish adds and never removes: fingerprinted files of earlier builds would get into every release.
    internal static void CleanBundle(Checkout checkout)
    {
        var bundle = Path.Combine(checkout.Published, "Web", "release");
        if (Directory.Exists(bundle))
        {
            Directory.Delete(bundle, recursive: true);
        }
    }

    internal static void Stamp(Checkout checkout, string fingerprint) => File.WriteAllText(checkout.Stamp, fingerprint + "\n");

    private static IEnumerable<string> SourceFiles(Checkout checkout)
    {
        var rootFiles = RootFiles.Select(name => Path.Combine(checkout.Root, name)).Where(File.Exists);
        return rootFiles.Concat(Below(checkout.Sources));
    }

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !Skipped.Contains(Path.GetFileName(d))).SelectMany(Below))
        .Where(file => Path.GetExtension(file) != ".md");
}
