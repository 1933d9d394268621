using System.Globalization;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Backups.Making;

/// <summary>What a backup takes on the disk of the living data until it has ended: that one must not get full.</summary>
internal static class NeededSpace
{
    // For what is written meanwhile by everybody else.
    private const long Reserve = 128L << 20;

    // Its snapshot, and the copy that is counted.
    private const int CopiesOfState = 2;

    public static async Task RequireAsync(BackupSite site, RunningStores stores, CancellationToken cancellation)
    {
        using var clickHouse = new ClickHouseClient(stores.ClickHouse);
        // The engine's own BACKUP copies all facts; over the network one part after the other lies here.
        var sum = stores.ClickHouse.BackupDirectory is null ? "max" : "sum";
        var facts = (await clickHouse.QueryAsync($"SELECT {sum}(bytes_on_disk) FROM system.parts WHERE database = '{FactsCut.Database}' AND active", cancellation))[0][0];
        var state = stores.RedisData is { } data ? new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length) : 0;
        FreeSpace.Require(
            site.WorkDirectory, long.Parse(facts, CultureInfo.InvariantCulture) + (state * CopiesOfState) + Reserve, "make a backup", "free space there, or move the site to a larger disk (sites.NAME.state)");
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Rewritten in this moment.
            return 0;
        }
    }
}
