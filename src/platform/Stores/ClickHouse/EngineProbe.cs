using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse;

/// <summary>Ready means that the engine reads and writes: one row is written to a small table and read again.</summary>
internal sealed class EngineProbe(ChdbEngine engine, TimeProvider time)
{
    private const string Table = "provost_internal.probe";

    /// <summary>A probe that writes costs a part on the disk; between two of them reading must do.</summary>
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private long writtenAt;
    private long written;

    public void Prepare()
    {
        engine.Scalar("CREATE DATABASE IF NOT EXISTS provost_internal ENGINE = Atomic");
        engine.Scalar($"CREATE TABLE IF NOT EXISTS {Table} (name String, at Int64) ENGINE = ReplacingMergeTree ORDER BY name");
        Write();
    }

    public Task CheckAsync() => Task.Run(() =>
    {
        // A check that was given up may still be running when the next one comes.
        lock (gate)
        {
            if (time.GetElapsedTime(writtenAt) > BetweenWrites)
            {
                Write();
            }

            var read = engine.Scalar($"SELECT max(at) FROM {Table}");
            if (read != Text(written))
            {
                throw new StoreError($"The engine gave {read} for a row that was written as {written}: look at the log and at the disk.");
            }
        }
    });

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Write()
    {
        written = Math.Max(written + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        engine.Scalar($"INSERT INTO {Table} VALUES ('probe', {Text(written)})");
        writtenAt = time.GetTimestamp();
    }
}
