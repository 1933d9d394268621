using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>
/// The facts at one instant. The parts of every table are attached to a second database, which costs hard links and a few
/// milliseconds; what is copied and counted afterwards, at leisure, is that second database. Works over HTTP alone, against
/// a server as against the embedded engine.
/// </summary>
/// <param name="spool">Folder for what is on its way; empty.</param>
internal sealed class FactsCut(ClickHouseClient client, string id, string spool) : IAsyncDisposable
{
    public const string Database = "provost";

    private const string Frozen = "provost_cut";
    private readonly FactsBackup? shared = client.Address.BackupDirectory is { } directory ? new FactsBackup(client, directory, id) : null;
    private IReadOnlyList<string> tables = [];
    private IReadOnlyList<string> replicated = [];

    public FactsKind Kind => shared is null ? FactsKind.Native : FactsKind.Backup;

    /// <summary>Empty tables of the same structure, so that the cut itself has nothing left to do but to attach.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        shared?.Clean();
        await client.ExecuteAsync($"DROP DATABASE IF EXISTS {Frozen} SYNC", cancellation);
        await client.ExecuteAsync($"CREATE DATABASE {Frozen} ENGINE = Atomic", cancellation);
        var found = await client.QueryAsync($"SELECT name, engine FROM system.tables WHERE database = '{Database}' ORDER BY name", cancellation);
        if (found.FirstOrDefault(t => !t[1].EndsWith("MergeTree", StringComparison.Ordinal)) is { } other)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the table {Database}.{other[0]} has the engine {other[1]}, which cannot be part of the cut",
                $"move it to another database: {Database} is the platform's own");
        }
        tables = [.. found.Select(t => t[0])];
        replicated = [.. found.Where(t => t[1].StartsWith("Replicated", StringComparison.Ordinal)).Select(t => t[0])];
        await Task.WhenAll(tables.Select(table => PrepareAsync(table, cancellation)));
    }

    public async Task TakeAsync(CancellationToken cancellation)
    {
        // What another replica acknowledged must be on this one.
        await Task.WhenAll(replicated.Select(table => client.ExecuteAsync($"SYSTEM SYNC REPLICA {Database}.{table}", cancellation)));
        await Task.WhenAll(tables.Select(table => client.ExecuteAsync($"ALTER TABLE {Frozen}.{table} ATTACH PARTITION ALL FROM {Database}.{table}", cancellation)));
    }

    /// <summary>The cut as files: of the engine's own BACKUP where this tool sees them, or else read over HTTP.</summary>
    public Task<IReadOnlyList<SourceFile>> FilesAsync(string prefix, CancellationToken cancellation) =>
        shared is null ? FactsExport.FilesAsync(client, Frozen, tables, prefix, spool, cancellation) : shared.FilesAsync(Frozen, Database, prefix, cancellation);

    public Task<IReadOnlyList<TableDigest>> DigestAsync(KnownParts known, CancellationToken cancellation) => FactsDigest.ReadAsync(client, Frozen, known, threads: 1, cancellation);

    private async Task PrepareAsync(string table, CancellationToken cancellation)
    {
        var definition = await FactsTable.ReadAsync(client, Database, table, cancellation);
        await client.ExecuteAsync(definition.CreateIn(Frozen), cancellation);
        // The cut is read more than once: its parts stay what they are.
        await client.ExecuteAsync($"SYSTEM STOP MERGES {Frozen}.{table}", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        shared?.Clean();
        try
        {
            await client.ExecuteAsync($"DROP DATABASE IF EXISTS {Frozen} SYNC", CancellationToken.None);
        }
        catch (OperationError)
        {
            // A ClickHouse that went away: the next backup drops it before it begins.
        }
    }
}
