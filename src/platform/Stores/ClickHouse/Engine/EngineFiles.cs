namespace Provost.Stores.ClickHouse.Engine;

/// <summary>What the engine finds on the disk when it starts: directories, its configuration, the database "default".</summary>
internal sealed class EngineFiles(ClickHouseOptions options)
{
    public string Data { get; } = Path.GetFullPath(options.DataDirectory);

    public string Backups { get; } = Path.GetFullPath(options.BackupPath);

    /// <summary>Inserts that are still arriving.</summary>
    public string Spool => Path.Combine(Data, "spool");

    public string Configuration => Path.Combine(Data, "engine.xml");

    /// <summary>What file() and schema files are confined to: a directory that stays empty.</summary>
    public string Nothing => Path.Combine(Data, "nothing");

    public void Prepare()
    {
        try
        {
            if (Directory.Exists(Spool))
            {
                Directory.Delete(Spool, recursive: true);
            }

            foreach (var directory in (string[])[Data, Backups, Spool, Nothing, Path.Combine(Data, "metadata"), Path.Combine(Data, "tmp")])
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            DefineDefaultDatabase();
            EngineConfiguration.Document(options, this).Save(Configuration);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreError($"The data directory {Data} cannot be prepared: {error.Message}", error);
        }
    }

    /// <summary>
    /// Without this file the engine makes "default" a database in which every file of the machine is a table
    /// (SELECT * FROM `/etc/passwd`). With it, "default" is an ordinary one. The link of that name is only for people's
    /// eyes and made anew; left there, the engine would open the same database a second time, and end on that.
    /// </summary>
    private void DefineDefaultDatabase()
    {
        var link = new FileInfo(Path.Combine(Data, "metadata", "default"));
        if (link.LinkTarget is not null)
        {
            link.Delete();
        }

        var file = Path.Combine(Data, "metadata", "default.sql");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, $"ATTACH DATABASE _ UUID '{Guid.NewGuid()}'\nENGINE = Atomic\n");
        }
    }
}
