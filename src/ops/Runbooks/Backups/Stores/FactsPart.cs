using System.Globalization;
using System.Text;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>A part of a table: files that never change.</summary>
/// <param name="Key">Of what it holds: parts with the same files, read with the same columns, have the same.</param>
/// <param name="Rows">0 where some are masked, and only who reads them knows how many.</param>
internal sealed record FactsPart(string Table, string Name, string Partition, string Key, ulong Rows)
{
    /// <summary>The active parts of a database, by table and name.</summary>
    public static async Task<IReadOnlyList<FactsPart>> ReadAsync(ClickHouseClient client, string database, CancellationToken cancellation)
    {
        // What is not in the files of a part is read as its column's default.
        var columns = (await client.QueryAsync($"SELECT table, name, type, default_kind, replaceRegexpAll(default_expression, '\\s', ' ') FROM system.columns WHERE database = '{database}' ORDER BY table, position", cancellation))
            .GroupBy(c => c[0], c => string.Join(' ', c[1..]))
            .ToDictionary(table => table.Key, table => Repository.Digest(Encoding.UTF8.GetBytes(string.Join('\n', table)))[..32]);
        var parts = await client.QueryAsync(
            $"SELECT table, name, partition_id, hash_of_all_files, if(has_lightweight_delete, 0, rows) FROM system.parts WHERE database = '{database}' AND active ORDER BY table, name", cancellation);
        return [.. parts.Select(p => new FactsPart(p[0], p[1], p[2], $"{columns[p[0]]}-{p[3]}", ulong.Parse(p[4], CultureInfo.InvariantCulture)))];
    }
}
