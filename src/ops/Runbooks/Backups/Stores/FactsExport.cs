using System.Globalization;
using System.Text;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>
/// The facts over HTTP alone: for each table how it is made, and the rows of each part in the format Native. A part never
/// changes, and its rows are read in their order: the same part gives the same bytes, which a repository has only once.
/// </summary>
internal static class FactsExport
{
    private const string Definition = ".sql";
    private const string Rows = ".native";

    // Blocks as they lie there, none that an earlier import left behind is taken for a repetition, and none is merged away.
    private const string Faithful = "insert_deduplicate = 0, optimize_on_insert = 0, async_insert = 0";

    /// <param name="spool">For one part after the other on its way: a destination that is slow must hold up no query.</param>
    public static async Task<IReadOnlyList<SourceFile>> FilesAsync(
        ClickHouseClient client, string database, IReadOnlyList<string> tables, string prefix, string spool, CancellationToken cancellation)
    {
        List<SourceFile> files = [];
        var parts = await FactsPart.ReadAsync(client, database, cancellation);
        foreach (var table in tables)
        {
            var definition = (await FactsTable.ReadAsync(client, database, table, cancellation)).CreateIn(FactsCut.Database);
            files.Add(SourceFile.Of($"{prefix}{table}{Definition}", Encoding.UTF8.GetBytes(definition)));
            files.AddRange(parts.Where(part => part.Table == table).Select((part, index) => new SourceFile(
                string.Create(CultureInfo.InvariantCulture, $"{prefix}{table}/{index:000000}{Rows}"),
                () => Spooled(client, RowsOf(database, table, part.Name), spool), part.Key + Rows)));
        }
        return files;
    }

    /// <summary>Makes the tables, which must not exist, and fills them.</summary>
    /// <param name="folder">Files of an export.</param>
    public static async Task LoadAsync(ClickHouseClient client, string folder, CancellationToken cancellation)
    {
        await client.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {FactsCut.Database}", cancellation);
        foreach (var definition in Directory.EnumerateFiles(folder, "*" + Definition).Order(StringComparer.Ordinal))
        {
            var table = Path.GetFileNameWithoutExtension(definition);
            await client.ExecuteAsync(await File.ReadAllTextAsync(definition, cancellation), cancellation);
            var rows = Path.Combine(folder, table);
            foreach (var part in Directory.Exists(rows) ? Directory.GetFiles(rows, "*" + Rows).Order(StringComparer.Ordinal).ToList() : [])
            {
                await using var data = File.OpenRead(part);
                await client.InsertAsync($"INSERT INTO {FactsCut.Database}.{table} SETTINGS {Faithful} FORMAT Native", data, cancellation);
            }
        }
    }

    /// <summary>The same from one server into another, whose tables must not exist.</summary>
    public static async Task CopyAsync(ClickHouseClient from, ClickHouseClient to, CancellationToken cancellation)
    {
        const string database = FactsCut.Database;
        await to.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {database}", cancellation);
        var parts = await FactsPart.ReadAsync(from, database, cancellation);
        foreach (var table in await from.QueryAsync($"SELECT name FROM system.tables WHERE database = '{database}' ORDER BY name", cancellation))
        {
            await to.ExecuteAsync((await FactsTable.ReadAsync(from, database, table[0], cancellation)).CreateIn(database), cancellation);
            foreach (var part in parts.Where(part => part.Table == table[0]))
            {
                await using var rows = from.Read(RowsOf(database, table[0], part.Name));
                await to.InsertAsync($"INSERT INTO {database}.{table[0]} SETTINGS {Faithful} FORMAT Native", rows, cancellation);
            }
        }
    }

    private static string RowsOf(string database, string table, string part) =>
        $"SELECT * FROM {database}.{table} WHERE _part = '{part}' SETTINGS max_threads = 1, max_block_size = 65536 FORMAT Native";

    private static FileStream Spooled(ClickHouseClient client, string sql, string spool)
    {
        var file = new FileStream(Path.Combine(spool, Guid.NewGuid().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = PrivateFiles.FileMode,
        });
        try
        {
            using var answer = client.Read(sql);
            answer.CopyTo(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
