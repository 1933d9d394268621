using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Making;

/// <summary>Files of one backup in the making, beside the data so that second names are possible; gone afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string root;

    public WorkFolder(BackupSite site, string id)
    {
        var works = Path.Combine(site.WorkDirectory, "work");
        // What a killed backup left: only one runs for each site.
        if (Directory.Exists(works))
        {
            Directory.Delete(works, recursive: true);
        }
        root = Path.Combine(works, id);
        foreach (var folder in (string[])[site.WorkDirectory, works, root, Redis, Scratch])
        {
            PrivateFiles.CreateDirectory(folder);
        }
    }

    public string Redis => Path.Combine(root, "redis");

    public string Scratch => Path.Combine(root, "scratch");

    public string ScratchRedis => Path.Combine(Scratch, "redis");

    public void Dispose() => Directory.Delete(root, recursive: true);
}
