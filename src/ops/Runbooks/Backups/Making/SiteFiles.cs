using System.Text;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Backups.Making;

/// <summary>What belongs to a backup beside the stores: configuration, secrets, certificates, the ledger.</summary>
internal static class SiteFiles
{
    public const string Configuration = "config/";
    public const string State = "state/";
    public const string Facts = "clickhouse/";
    public const string Redis = "redis/";
    public const string ConfigurationFile = Configuration + "provost.yaml";

    // The ledger after its head: it may be longer than its head says, never shorter.
    private static readonly string[] Notes = ["installation.json", "started", "ledger.jsonl.head", Ledger];
    private const string Ledger = "ledger.jsonl";
    private static readonly string[] Folders = ["secrets", "certificates"];

    public static IEnumerable<SourceFile> Of(BackupSite site, RedisKind kind)
    {
        if (site.File is { } file)
        {
            yield return SourceFile.Of(ConfigurationFile, File.ReadAllBytes(file));
        }
        foreach (var supplied in Supplied(site))
        {
            yield return SourceFile.Of(Configuration + Path.GetRelativePath(site.Folder, supplied), File.ReadAllBytes(supplied));
        }
        foreach (var note in site.Placement is null ? [] : Marks(site, kind))
        {
            yield return note;
        }
        foreach (var name in Notes.Where(n => File.Exists(Path.Combine(site.State.Root, n))))
        {
            var content = File.ReadAllBytes(Path.Combine(site.State.Root, name));
            // A line that is being appended is no line yet.
            yield return SourceFile.Of(State + name, name == Ledger ? content[..(content.AsSpan().LastIndexOf((byte)'\n') + 1)] : content);
        }
        foreach (var entry in Folders.SelectMany(f => SourceFile.Below(Path.Combine(site.State.Root, f), State + f)))
        {
            // The repository's own key comes back from the kit that opens the repository.
            if (!entry.Name.EndsWith("/" + BackupKey.Name, StringComparison.Ordinal))
            {
                yield return entry;
            }
        }
    }

    // What plain processes leave on the disk and containers do not: a restored folder is one of plain processes.
    private static IEnumerable<SourceFile> Marks(BackupSite site, RedisKind kind) =>
    [
        SourceFile.Of(State + "installation.json", Encoding.UTF8.GetBytes(InstallationMarker.Write(site.Installation.Name, site.SiteName, kind == RedisKind.Garnet))),
        SourceFile.Of(State + "started", [(byte)'\n']),
    ];

    /// <summary>Files that provost.yaml names and that lie beside it.</summary>
    private static IEnumerable<string> Supplied(BackupSite site) => new[] { site.Site.Https.Certificate, site.Site.Https.Key }
        .OfType<string>().Where(f => File.Exists(f) && Path.GetFullPath(f).StartsWith(site.Folder + "/", StringComparison.Ordinal));
}
