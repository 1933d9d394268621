using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>What a database holds, whatever parts it lies in: rows and two sums of hashes for each table and partition.</summary>
internal static class FactsDigest
{
    public static async Task<IReadOnlyList<TableDigest>> ReadAsync(ClickHouseClient client, string database, CancellationToken cancellation)
    {
        var columns = (await client.QueryAsync($"SELECT table, name, type FROM system.columns WHERE database = '{database}' ORDER BY table, position", cancellation))
            .GroupBy(c => c[0], c => $"{c[1]} {c[2]}");
        List<TableDigest> digests = [];
        foreach (var table in columns)
        {
            var shape = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', table))))[..32];
            var partitions = await client.QueryAsync(
                $"SELECT _partition_id, count(), sum(sipHash64(tuple(*))), sum(cityHash64(tuple(*))) FROM {database}.{table.Key} GROUP BY _partition_id ORDER BY _partition_id", cancellation);
            digests.AddRange(partitions.Select(p => new TableDigest(table.Key, p[0], ulong.Parse(p[1], CultureInfo.InvariantCulture), shape, $"{p[2]}-{p[3]}")));
            if (partitions.Count == 0)
            {
                digests.Add(new TableDigest(table.Key, "", 0, shape, ""));
            }
        }
        return digests;
    }
}
