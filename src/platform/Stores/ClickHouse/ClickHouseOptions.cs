using Provost.Hosting.Configuration;

namespace Provost.Stores.ClickHouse;

/// <summary>Settings of the embedded ClickHouse, section <c>ClickHouse</c>.</summary>
internal sealed class ClickHouseOptions : IServiceOptions
{
    /// <summary>Where the data are. Required.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>The only user.</summary>
    public string User { get; set; } = "provost";

    /// <summary>The user's password, from the secret file ClickHouse__Password. Required.</summary>
    public Secret Password { get; set; } = new("");

    /// <summary>What the engine may hold in memory; a query that would go over it fails with code 241.</summary>
    public int MaxMemoryMegabytes { get; set; } = 1024;

    /// <summary>What one query may hold in memory; 0 is three quarters of MaxMemoryMegabytes. A query may ask for less or more.</summary>
    public int MaxQueryMemoryMegabytes { get; set; }

    /// <summary>How long one query may run; a query may ask for less or more. 0 is for ever.</summary>
    public int MaxQuerySeconds { get; set; } = 300;

    /// <summary>How many queries are let in, running and waiting; one more is refused with code 202.</summary>
    public int MaxQueries { get; set; } = 100;

    /// <summary>How many of them run at once.</summary>
    public int MaxRunningQueries { get; set; } = 16;

    /// <summary>The largest INSERT, decompressed.</summary>
    public int MaxInsertMegabytes { get; set; } = 4096;

    /// <summary>Whether an INSERT is acknowledged only once it is on the disk: survives a power cut, not only kill -9.</summary>
    public bool SyncInserts { get; set; } = true;

    /// <summary>Where BACKUP may write and RESTORE may read; the directory backups beside the data directory when empty.</summary>
    public string BackupDirectory { get; set; } = "";

    /// <summary>libchdb.so; searched for when empty.</summary>
    public string Library { get; set; } = "";

    public string BackupPath => BackupDirectory.Length > 0 ? BackupDirectory : Path.Combine(DataDirectory, "..", "backups");

    public long QueryMemoryBytes => (MaxQueryMemoryMegabytes > 0 ? MaxQueryMemoryMegabytes : MaxMemoryMegabytes * 3L / 4) * 1024 * 1024;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (DataDirectory.Length == 0)
        {
            yield return new(nameof(DataDirectory), "is missing", "name the directory that holds the data");
        }

        if (User.Length == 0)
        {
            yield return new(nameof(User), "is empty", "name the user, e.g. provost");
        }

        if (Password.IsEmpty)
        {
            yield return new(nameof(Password), "is missing", "write it into the file ClickHouse__Password of Secrets__Directory");
        }

        if (MaxMemoryMegabytes < 256)
        {
            yield return new(nameof(MaxMemoryMegabytes), $"is {MaxMemoryMegabytes}", "set 256 or more: the engine alone needs about 200");
        }

        if (MaxQuerySeconds < 0 || MaxQueryMemoryMegabytes < 0)
        {
            yield return new(nameof(MaxQuerySeconds), "or MaxQueryMemoryMegabytes is negative", "set 0 or more");
        }

        if (MaxRunningQueries < 1 || MaxQueries < MaxRunningQueries)
        {
            yield return new(nameof(MaxQueries), $"is {MaxQueries} with {MaxRunningQueries} running", "set MaxRunningQueries to 1 or more and MaxQueries no lower");
        }

        if (MaxInsertMegabytes < 1)
        {
            yield return new(nameof(MaxInsertMegabytes), $"is {MaxInsertMegabytes}", "set 1 or more");
        }
    }
}
