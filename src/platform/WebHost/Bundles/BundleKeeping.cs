using Provost.Hosting.Configuration;

namespace Provost.WebHost.Bundles;

/// <summary>
/// Puts the bundle of this release beside those of the others, unless it is there: where each replica has only its own image, pages
/// that were opened before a deployment find their fingerprinted files through those of the next releases.
/// </summary>
internal sealed partial class BundleKeeping(WebOptions options, ServiceOptions service, ILogger<BundleKeeping> logger)
{
    private const string Complete = ".complete";

    public void Keep()
    {
        // A folder that somebody else fills, or none at all.
        if (options.Releases is not { } releases || !Directory.Exists(releases) || File.Exists(Path.Combine(releases, service.Release, Complete)))
        {
            return;
        }

        try
        {
            Install(Path.GetFullPath(releases));
            Prune(Path.GetFullPath(releases));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // This release is served all the same.
            LogNotKept(error.Message);
        }
    }

    // Another replica of this release may do the same at this moment: one of them wins.
    private void Install(string releases)
    {
        var (folder, unnamed) = (Path.Combine(releases, service.Release), Path.Combine(releases, $".{service.Replica}"));
        Remove(unnamed);
        Copy(Path.GetFullPath(options.Root), Path.Combine(unnamed, "Web", "wwwroot"));
        if (Directory.Exists(folder))
        {
            Remove(unnamed);
        }
        else
        {
            Directory.Move(unnamed, folder);
        }

        File.WriteAllText(Path.Combine(folder, Complete), "");
    }

    private void Prune(string releases)
    {
        var others = Directory.EnumerateDirectories(releases).Where(folder => Path.GetFileName(folder) != service.Release && File.Exists(Path.Combine(folder, Complete)));
        foreach (var folder in others.OrderByDescending(Directory.GetLastWriteTimeUtc).Skip(options.KeepReleases - 1).ToList())
        {
            Remove(folder);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Copy(string from, string to)
    {
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of this release could not be kept for later ones: {Problem}")]
    private partial void LogNotKept(string problem);
}
