namespace Provost.Runbooks.Backups.Checking;

/// <summary>One backup, and where it lies.</summary>
public sealed record ListedBackup(string Id, DateTimeOffset At, string Installation, string Site, string Release, long Bytes, long NewBytes, IReadOnlyList<string> Places);

public static class BackupList
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<ListedBackup> Of(OpenedRepositories repositories) =>
    [
        .. repositories.Opened.SelectMany(p => p.Repository.Catalog.Backups.Select(b => (p.Name, Backup: b)))
            .GroupBy(x => x.Backup.Id)
            .Select(g => (g.First().Backup, Places: g.Select(x => x.Name).ToList()))
            .Select(x => new ListedBackup(x.Backup.Id, x.Backup.At, x.Backup.Installation, x.Backup.Site, x.Backup.Release, x.Backup.Bytes, x.Backup.NewBytes, x.Places))
            .OrderBy(b => b.At),
    ];
}
