using System.Globalization;
using Provost.Harness;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;

namespace Provost.Backup.Bench;

/// <summary>Rows in the shape of cells, written straight into the store: as much as a large university has.</summary>
internal sealed class Facts(Installation installation)
{
    private readonly RunningStores stores = RunningStores.Of(new BackupSite(new(), "local", new StateDirectory(installation.StateDirectory), installation.Directory, null, null));
    private int version = 1_000_000;

    public async Task FillAsync(long rows)
    {
        for (var written = 0L; written < rows; written += rows / 8)
            await ChangeAsync(rows / 8);
    }

    /// <summary>A part that was not there before, and that stays one: merges would move bytes meanwhile.</summary>
    public async Task ChangeAsync(long rows)
    {
        using var client = new ClickHouseClient(stores.ClickHouse);
        await client.ExecuteAsync("SYSTEM STOP MERGES provost.cells", default);
        await client.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO provost.cells (course, version, student, assessment, state, score, submitted_day, transferred)
            SELECT concat('course-', toString(number % 40)), {version++}, lower(hex(sipHash64(number % 20000))), concat('a', toString(intDiv(number, 20000) % 60)), 1,
                round(rand() % 10000 / 100, 1), rand64() % 100000 / 1000, 0
            FROM numbers({rows}) SETTINGS max_insert_block_size = 1048449, min_insert_block_size_rows = {rows}, min_insert_block_size_bytes = 0, max_memory_usage = 0
            """), default);
    }
}
