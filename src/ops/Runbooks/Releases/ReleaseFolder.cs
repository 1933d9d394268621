using Provost.Runbooks.Deploy;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Releases;

/// <summary>
/// Releases of a site, each in a folder that no build touches: a service that is started anew gets the very files that it
/// was deployed with.
/// </summary>
public static class ReleaseFolder
{
    // What is live, and what was before it.
    private const int Protected = 2;
    private const string Complete = ".complete";
    internal static readonly string[] Projects = ["Api", "WebHost", "Gateway", "Stores", "Web"];

    public static string Of(StateDirectory state, string release) => Path.Combine(state.Releases, release);

    public static bool IsInstalled(StateDirectory state, string release) => File.Exists(Path.Combine(Of(state, release), Complete));

    /// <summary>Installed releases, newest first.</summary>
    public static IReadOnlyList<string> Installed(StateDirectory state) => !Directory.Exists(state.Releases) ? [] :
        [.. Directory.EnumerateDirectories(state.Releases).OrderByDescending(Directory.GetLastWriteTimeUtc).Select(f => Path.GetFileName(f)!).Where(r => IsInstalled(state, r))];

    /// <summary>The one installed release that a version means: its name, or the beginning of it.</summary>
    public static string Find(StateDirectory state, string version)
    {
        var installed = Installed(state);
        var meant = installed.Where(r => r == version || r.StartsWith(version + "+", StringComparison.Ordinal)).ToList();
        if (meant.Count == 0)
        {
            meant = [.. installed.Where(r => r.StartsWith(version, StringComparison.Ordinal))];
        }
        return meant switch
        {
            [var one] => one,
            [] => throw new OperationError(ErrorKind.Refused, $"no release {version} is installed", "provost releases shows what is there; provost release create builds one", installed),
            _ => throw new OperationError(ErrorKind.Refused, $"{version} can mean {meant.Count} releases", "name one of them whole", meant),
        };
    }

    /// <param name="keep">Releases that stay.</param>
    public static void Install(Checkout checkout, StateDirectory state, string release, int keep)
    {
        state.Create();
        var folder = Of(state, release);
        if (IsInstalled(state, release))
        {
            Directory.SetLastWriteTimeUtc(folder, File.GetLastWriteTimeUtc(checkout.Stamp));
            return;
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var project in Projects)
        {
            Copy(Path.Combine(checkout.Published, project, "release"), Path.Combine(folder, project));
        }
        var library = Build.Library(checkout) ?? throw new OperationError(
            ErrorKind.Failed, $"libchdb.so is not below {checkout.LibraryFolder}", "remove that folder and run provost up again");
        Link(library, Path.Combine(folder, "libchdb.so"));
        File.WriteAllText(Path.Combine(folder, Complete), "");
        // Also what a store still runs from, which a deployment leaves alone.
        var inUse = state.ReadSiteSpec()?.Replicas.Select(r => r.Program).ToList() ?? [];
        Prune(state, folder, keep, f => inUse.Exists(p => p.StartsWith(f + "/", StringComparison.Ordinal)));
    }

    /// <summary>Keeps a release of images: all that its folder holds is its manifest.</summary>
    /// <param name="live">The release that runs: never pruned.</param>
    /// <param name="keep">Releases that stay.</param>
    internal static void Keep(StateDirectory state, ReleaseManifest manifest, string? live, int keep)
    {
        var folder = Of(state, manifest.Release);
        PrivateFiles.CreateDirectory(folder);
        manifest.Write(state);
        File.WriteAllText(Path.Combine(folder, Complete), "");
        Directory.SetLastWriteTimeUtc(folder, manifest.Created.UtcDateTime);
        Prune(state, folder, keep, f => Path.GetFileName(f) == live);
    }

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            throw new OperationError(ErrorKind.Failed, $"the build did not make {from}", "remove the folder artifacts and run provost up again");
        }
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    // Half a gigabyte that never changes in place: npm replaces the file, so a link keeps the old content.
    private static void Link(string from, string to)
    {
        if (Native.Link(from, to) != 0)
        {
            File.Copy(from, to);
        }
    }

    // However many are made without going live: where a rollback leads must be there.
    private static void Prune(StateDirectory state, string current, int keep, Func<string, bool> isInUse)
    {
        var served = new DeployHistory(state, TimeProvider.System).LastLive(Protected);
        foreach (var old in Directory.EnumerateDirectories(state.Releases).OrderByDescending(Directory.GetLastWriteTimeUtc).Skip(keep)
            .Where(f => f != current && !isInUse(f) && !served.Contains(Path.GetFileName(f)!)))
        {
            Directory.Delete(old, recursive: true);
        }
    }
}
