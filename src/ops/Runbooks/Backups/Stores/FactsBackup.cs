using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>The engine's own BACKUP, into a directory that this tool sees. Only one backup of a site is made at a time: what lies there is this one's, or was left.</summary>
internal sealed class FactsBackup(ClickHouseClient client, string allowed, string id)
{
    private const string Columns = ".bin";

    private string Folder => Path.Combine(allowed, id);

    public async Task<IReadOnlyList<SourceFile>> FilesAsync(string database, string name, string prefix, CancellationToken cancellation)
    {
        Clean();
        await client.ExecuteAsync($"BACKUP DATABASE {database} AS {name} TO File('{id}')", cancellation);
        var keys = (await FactsPart.ReadAsync(client, database, cancellation)).ToDictionary(part => $"{prefix}data/{name}/{part.Table}/{part.Name}", part => part.Key);
        return Directory.Exists(Folder) ? [.. SourceFile.Below(Folder, prefix.TrimEnd('/')).Select(file => WithKey(file, keys))] : throw new OperationError(
            ErrorKind.Machine, $"ClickHouse made a backup, but it is not at {Folder}", "backups.allowed_path of ClickHouse must be a directory that this tool can read");
    }

    // The hash of a part is one of its columns' files. The small ones beside them are read each time.
    private static SourceFile WithKey(SourceFile file, Dictionary<string, string> keys) =>
        file.Name.EndsWith(Columns, StringComparison.Ordinal) && keys.TryGetValue(file.Name[..file.Name.LastIndexOf('/')], out var key)
            ? file with { Key = $"{key}/{Path.GetFileName(file.Name)}" } : file;

    /// <summary>Also what backups that were killed left: each is a copy of all facts.</summary>
    public void Clean()
    {
        if (!Directory.Exists(allowed))
        {
            return;
        }
        foreach (var left in new DirectoryInfo(allowed).EnumerateDirectories())
        {
            try
            {
                left.Delete(recursive: true);
            }
            catch (IOException)
            {
                // The engine still writes for a backup that was killed: the next one removes it.
            }
        }
    }
}
