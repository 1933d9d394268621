namespace Provost.Runbooks.Backups.Stores;

/// <summary>
/// The facts at one instant. The parts of every table are attached to a second database, which costs hard links and a few
/// milliseconds; what is copied and counted afterwards, at leisure, is that second database. Works over HTTP alone, against
/// a server as against the embedded engine.
/// </summary>
internal sealed class FactsCut(ClickHouseClient client, string id) : IAsyncDisposable
{
    public const string Database = "provost";

    private const string Frozen = "provost_cut";
    private IReadOnlyList<string> tables = [];

    private string Directory => Path.Combine(client.Address.BackupDirectory, id);

    /// <summary>Empty tables of the same structure, so that the cut itself has nothing left to do but to attach.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await client.ExecuteAsync($"DROP DATABASE IF EXISTS {Frozen} SYNC", cancellation);
        await client.ExecuteAsync($"CREATE DATABASE {Frozen}", cancellation);
        var found = await client.QueryAsync($"SELECT name, engine FROM system.tables WHERE database = '{Database}' ORDER BY name", cancellation);
        if (found.FirstOrDefault(t => !t[1].EndsWith("MergeTree", StringComparison.Ordinal)) is { } other)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the table {Database}.{other[0]} has the engine {other[1]}, which cannot be part of the cut",
                $"move it to another database: {Database} is the platform's own");
        }
        tables = [.. found.Select(t => t[0])];
        foreach (var table in tables)
        {
            await client.ExecuteAsync($"CREATE TABLE {Frozen}.{table} AS {Database}.{table}", cancellation);
            // The cut is read more than once: its parts stay what they are.
            await client.ExecuteAsync($"SYSTEM STOP MERGES {Frozen}.{table}", cancellation);
        }
    }

    public Task TakeAsync(CancellationToken cancellation) => Task.WhenAll(tables.Select(
        table => client.ExecuteAsync($"ALTER TABLE {Frozen}.{table} ATTACH PARTITION ALL FROM {Database}.{table}", cancellation)));

    /// <summary>The engine's own backup of the cut, as files.</summary>
    public async Task<string> WriteAsync(CancellationToken cancellation)
    {
        Clean();
        await client.ExecuteAsync($"BACKUP DATABASE {Frozen} AS {Database} TO File('{id}')", cancellation);
        return System.IO.Directory.Exists(Directory) ? Directory : throw new OperationError(
            ErrorKind.Machine, $"ClickHouse made a backup, but it is not at {Directory}", "backups.allowed_path of ClickHouse must be a directory that this tool can read");
    }

    public Task<IReadOnlyList<Repositories.TableDigest>> DigestAsync(KnownParts known, CancellationToken cancellation) => FactsDigest.ReadAsync(client, Frozen, known, cancellation);

    public async ValueTask DisposeAsync()
    {
        Clean();
        try
        {
            await client.ExecuteAsync($"DROP DATABASE IF EXISTS {Frozen} SYNC", CancellationToken.None);
        }
        catch (OperationError)
        {
            // A ClickHouse that went away: the next backup drops it before it begins.
        }
    }

    private void Clean()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
