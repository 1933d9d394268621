using System.Text.RegularExpressions;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>How a table is made, as its server says: on one server, whatever cluster it comes from.</summary>
/// <param name="Create">From CREATE TABLE on.</param>
internal sealed partial record FactsTable(string Name, string Create)
{
    public static async Task<FactsTable> ReadAsync(ClickHouseClient client, string database, string table, CancellationToken cancellation) =>
        new(table, await client.ValueAsync($"SELECT create_table_query FROM system.tables WHERE database = '{database}' AND name = '{table}'", cancellation));

    public string CreateIn(string database) => Alone(Named().Replace(Create, $"CREATE TABLE {database}.{Name}", 1));

    // "ReplicatedMergeTree('/path', '{replica}')" and "ReplicatedReplacingMergeTree('/path', '{replica}', version)"
    private static string Alone(string create) => Replication().Replace(create, match => match.Groups["rest"].Success ? $"ENGINE = {match.Groups["engine"].Value}({match.Groups["rest"].Value}" : $"ENGINE = {match.Groups["engine"].Value}", 1);

    [GeneratedRegex(@"^CREATE TABLE \S+")]
    private static partial Regex Named();

    [GeneratedRegex(@"ENGINE = Replicated(?<engine>\w*MergeTree)(\('[^']*', '[^']*'(\)|, (?<rest>)))?")]
    private static partial Regex Replication();
}
