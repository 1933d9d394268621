using System.Globalization;
using System.Text;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>What a database holds, whatever parts it lies in: rows and two sums of hashes for each table and partition.</summary>
internal static class FactsDigest
{
    // Of a tuple: a hash of NULL alone is NULL, and a sum leaves it out.
    private const string Sums = "count(), sum(cityHash64(tuple(*))), sum(xxh3(tuple(*)))";

    /// <summary>Counts every row.</summary>
    public static Task<IReadOnlyList<TableDigest>> ReadAsync(ClickHouseClient client, string database, CancellationToken cancellation) =>
        ReadAsync(client, database, async table =>
        {
            var partitions = await client.QueryAsync($"SELECT _partition_id, {Sums} FROM {database}.{table} GROUP BY _partition_id", cancellation);
            return partitions.Select(p => (p[0], Sum(p)));
        }, cancellation);

    /// <summary>
    /// Reads every row, of which the engine checks each block against its checksum, and counts the rows of the parts that are not known.
    /// Nobody else works on these stores.
    /// </summary>
    public static async Task<IReadOnlyList<TableDigest>> RereadAsync(ClickHouseClient client, string database, KnownParts known, CancellationToken cancellation)
    {
        // A part that is merged away cannot be recognised.
        await client.ExecuteAsync("SYSTEM STOP MERGES", cancellation);
        foreach (var table in await client.QueryAsync($"SELECT name FROM system.tables WHERE database = '{database}'", cancellation))
        {
            await client.QueryAsync($"SELECT count() FROM {database}.{table[0]} WHERE NOT ignore(*)", cancellation);
        }
        var digests = await ReadAsync(client, database, known, threads: 0, cancellation);
        await client.ExecuteAsync("SYSTEM START MERGES", cancellation);
        return digests;
    }

    /// <summary>Counts the rows of the parts that are not known yet.</summary>
    /// <param name="threads">One where the platform is at work meanwhile; 0 for as many as there are processors.</param>
    public static async Task<IReadOnlyList<TableDigest>> ReadAsync(ClickHouseClient client, string database, KnownParts known, int threads, CancellationToken cancellation)
    {
        var all = await FactsPart.ReadAsync(client, database, cancellation);
        return await ReadAsync(client, database, async table =>
        {
            var parts = all.Where(p => p.Table == table).ToList();
            var unknown = parts.Where(p => known.Find(p.Key) is null).ToDictionary(p => p.Name, p => p.Key);
            if (unknown.Count > 0)
            {
                var names = string.Join(", ", unknown.Keys.Select(name => $"'{name}'"));
                foreach (var counted in await client.QueryAsync($"SELECT _part, {Sums} FROM {database}.{table} WHERE _part IN ({names}) GROUP BY _part SETTINGS max_threads = {threads}", cancellation))
                {
                    known.Add(unknown[counted[0]], Sum(counted));
                }
            }
            if (parts.Find(p => p.Rows > 0 && known.Find(p.Key)?.Rows != p.Rows) is { Name: { } name })
            {
                throw new OperationError(ErrorKind.Failed, $"the part {name} of {table} changed while it was counted", "run the backup again; provost logs clickhouse shows who merges or changes the cut");
            }
            return parts.Select(p => (p.Partition, known.Find(p.Key) ?? PartSum.Zero));
        }, cancellation);
    }

    private static async Task<IReadOnlyList<TableDigest>> ReadAsync(
        ClickHouseClient client, string database, Func<string, Task<IEnumerable<(string Partition, PartSum Sum)>>> count, CancellationToken cancellation)
    {
        var columns = (await client.QueryAsync($"SELECT table, name, type FROM system.columns WHERE database = '{database}' ORDER BY table, position", cancellation))
            .GroupBy(c => c[0], c => $"{c[1]} {c[2]}");
        List<TableDigest> digests = [];
        foreach (var table in columns)
        {
            var shape = Repository.Digest(Encoding.UTF8.GetBytes(string.Join('\n', table)))[..32];
            var partitions = (await count(table.Key)).GroupBy(p => p.Partition, p => p.Sum)
                .Select(p => (Id: p.Key, Sum: p.Aggregate(PartSum.Zero, (all, part) => all + part))).Where(p => p.Sum.Rows > 0)
                .OrderBy(p => p.Id, StringComparer.Ordinal).ToList();
            digests.AddRange(partitions.Select(p => new TableDigest(table.Key, p.Id, p.Sum.Rows, shape, string.Create(CultureInfo.InvariantCulture, $"{p.Sum.City}-{p.Sum.Xx}"))));
            if (partitions.Count == 0)
            {
                digests.Add(new TableDigest(table.Key, "", 0, shape, ""));
            }
        }
        return digests;
    }

    private static PartSum Sum(string[] row) => new(Number(row[1]), Number(row[2]), Number(row[3]));

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
