using System.Collections.Frozen;

namespace Provost.WebHost.Bundles;

/// <summary>
/// Fingerprinted files of the other releases on this machine. While a deployment switches, a page of one release may ask a
/// replica of the other: so a replica looks again when it is asked for a fingerprint that it does not know.
/// </summary>
internal sealed class ReleaseBundles(WebOptions options, TimeProvider time)
{
    private const string Complete = ".complete";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private FrozenDictionary<string, Lazy<BundleFile>> files = FrozenDictionary<string, Lazy<BundleFile>>.Empty;
    private string[] known = [];
    private long looked = -1;

    public BundleFile? Find(string path)
    {
        if (options.Releases is null || !Fingerprint.IsIn(path))
        {
            return null;
        }

        if (Listed(path) is { } file)
        {
            return file;
        }

        Look(options.Releases);
        return Listed(path);
    }

    // A release may have been removed since, and another may have the same file.
    private BundleFile? Listed(string path)
    {
        if (!Volatile.Read(ref files).TryGetValue(path, out var file))
        {
            return null;
        }

        try
        {
            return File.Exists(file.Value.Plain.PhysicalPath) ? file.Value : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Look(string releases)
    {
        lock (gate)
        {
            if (looked >= 0 && time.GetElapsedTime(looked) < LookAgain)
            {
                return;
            }

            looked = time.GetTimestamp();
            string[] present = [.. Installed(releases)];
            if (!present.SequenceEqual(known))
            {
                known = present;
                Volatile.Write(ref files, BundleReader.ListFingerprinted(present.Select(release => Path.Combine(release, "Web", "wwwroot"))));
            }
        }
    }

    private static IEnumerable<string> Installed(string releases) => Directory.Exists(releases)
        ? Directory.EnumerateDirectories(Path.GetFullPath(releases)).Where(release => File.Exists(Path.Combine(release, Complete))).Order(StringComparer.Ordinal)
        : [];
}
