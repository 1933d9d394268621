using System.Diagnostics;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Backup.Bench;

/// <summary>How long the stores take to start over nothing: what every restore pays once.</summary>
internal static class ColdStart
{
    public static async Task<double> MeasureAsync(BackupSite site)
    {
        var folder = Directory.CreateTempSubdirectory("provost-cold-").FullName;
        var start = Stopwatch.GetTimestamp();
        await using (var stores = new ScratchStores(StorePrograms.Find(site), folder, null, TimeProvider.System))
        {
            using var client = await stores.StartClickHouseAsync(Path.Combine(folder, "clickhouse"), Path.Combine(folder, "backups"), default);
            await stores.StopAsync();
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Directory.Delete(folder, recursive: true);
        return seconds;
    }
}
