namespace Provost.Api.Facts;

/// <summary>
/// Whether the tables are those that the migrations which ran make: this release makes them anew, in a database beside the other that
/// goes again. For a store that serves nobody, after a restore: numbers of migrations say what ran, not what is there.
/// </summary>
internal sealed class SchemaComparison(FactsStore facts, Schema schema)
{
    private string Beside => facts.Database + "_expected";

    /// <summary>Columns that are not there, or are of another type, in words; what is there besides is nobody's loss.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken cancellation)
    {
        var applied = (await schema.AppliedAsync(cancellation)).Select(migration => migration.Number).ToHashSet();
        try
        {
            await facts.ExecuteAsync("schema.beside", $"DROP DATABASE IF EXISTS {Beside} SYNC", cancellation);
            await facts.ExecuteAsync("schema.beside", $"CREATE DATABASE {Beside}", cancellation);
            foreach (var statement in Schema.Migrations.Where(migration => applied.Contains(migration.Number)).SelectMany(migration => migration.Statements))
                await facts.ExecuteAsync("schema.beside", Schema.Render(statement, Beside, Schema.OneServer), cancellation);
            return Differences(await ColumnsAsync(Beside, cancellation), await ColumnsAsync(facts.Database, cancellation));
        }
        finally
        {
            await facts.ExecuteAsync("schema.beside", $"DROP DATABASE IF EXISTS {Beside} SYNC", CancellationToken.None);
        }
    }

    private static IReadOnlyList<string> Differences(Dictionary<(string Table, string Name), string> expected, Dictionary<(string Table, string Name), string> found) =>
    [
        .. expected.Where(column => found.GetValueOrDefault(column.Key) != column.Value).Select(column => found.TryGetValue(column.Key, out var type)
            ? $"the column {column.Key.Name} of {column.Key.Table} is {type}, where {column.Value} is expected"
            : $"the column {column.Key.Name} of {column.Key.Table} is not there"),
    ];

    private async Task<Dictionary<(string Table, string Name), string>> ColumnsAsync(string database, CancellationToken cancellation)
    {
        using var bytes = await facts.ReadAsync("schema.columns", $"SELECT table, name, type FROM system.columns WHERE database = '{database}' ORDER BY table, position", cancellation);
        var rows = new RowBinaryReader(bytes.Span);
        Dictionary<(string, string), string> columns = [];
        while (!rows.AtEnd)
            columns[(rows.ReadString(), rows.ReadString())] = rows.ReadString();
        return columns;
    }
}
