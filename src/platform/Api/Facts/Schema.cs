using System.Globalization;
using System.Reflection;

namespace Provost.Api.Facts;

/// <summary>One numbered file of Migrations/.</summary>
internal sealed record Migration(int Number, string Name, IReadOnlyList<string> Statements)
{
    /// <summary>Ends the name of a migration that removes something: it is run only when it is asked for.</summary>
    public const string ContractSuffix = ".contract";

    public bool Contracts => Name.EndsWith(ContractSuffix, StringComparison.Ordinal);
}

/// <summary>
/// The facts' schema. Migrations expand it (new tables, new columns with defaults); what a release no longer needs is dropped
/// by a contract migration, which runs only when an operator asks for it. So two neighbouring releases run side by side.
/// </summary>
internal sealed class Schema(FactsStore facts)
{
    /// <summary>Oldest schema that this release works with.</summary>
    public const int Minimum = 1;

    private const string Folder = ".Facts.Migrations.";
    private string Engine => facts.IsReplicated ? "ReplicatedMergeTree" : OneServer;

    /// <summary>The engine of tables on one server.</summary>
    public const string OneServer = "MergeTree";

    // The database's own log carries each statement to every replica, and to those that come later.
    private string CreateDatabase => facts.IsReplicated
        ? $"CREATE DATABASE IF NOT EXISTS {facts.Database} ON CLUSTER {facts.Cluster} ENGINE = Replicated('/clickhouse/databases/{facts.Database}', '{{shard}}', '{{replica}}')"
        : $"CREATE DATABASE IF NOT EXISTS {facts.Database}";

    public static IReadOnlyList<Migration> Migrations { get; } = Load();

    /// <summary>Schema that this release brings.</summary>
    public static int Maximum => Migrations[^1].Number;

    /// <summary>Brings the store up to this release; replicas may do so at the same time.</summary>
    public Task MigrateAsync(CancellationToken cancellation) => MigrateAsync(contract: false, cancellation);

    /// <param name="contract">Whether to remove, too, what no release since needs.</param>
    public async Task MigrateAsync(bool contract, CancellationToken cancellation)
    {
        await facts.ExecuteAsync("schema.database", CreateDatabase, cancellation);
        await facts.ExecuteAsync("schema.table", $"""
            CREATE TABLE IF NOT EXISTS {facts.Database}.schema_versions
            (version UInt32, name String, applied DateTime DEFAULT now())
            ENGINE = {Engine} ORDER BY version SETTINGS non_replicated_deduplication_window = 1000
            """, cancellation);
        foreach (var migration in Missing(await AppliedAsync(cancellation), contract))
        {
            foreach (var statement in migration.Statements)
                await facts.ExecuteAsync("schema.migrate", Render(statement, facts.Database, Engine), cancellation);
            var row = new RowBinaryWriter();
            row.Write((uint)migration.Number);
            row.Write(migration.Name);
            row.EndRow();
            await facts.InsertAsync("schema_versions", ["version", "name"], row, $"schema-{migration.Number}", cancellation);
        }
    }

    /// <summary>What this release brings and has not run; with what removes something only when that is asked for.</summary>
    public static IEnumerable<Migration> Missing(IReadOnlyList<(int Number, string Name)> applied, bool contract = false) =>
        Migrations.Where(migration => applied.All(one => one.Number != migration.Number) && (contract || !migration.Contracts));

    public async Task<int> VersionAsync(CancellationToken cancellation) =>
        (int)await facts.CountAsync("schema.version", $"SELECT toUInt64(max(version)) FROM {facts.Database}.schema_versions", cancellation);

    /// <summary>Every migration that has run, of whichever release; none when there is no schema yet.</summary>
    public async Task<IReadOnlyList<(int Number, string Name)>> AppliedAsync(CancellationToken cancellation)
    {
        if (await facts.CountAsync("schema.exists", $"SELECT count() FROM system.tables WHERE database = '{facts.Database}' AND name = 'schema_versions'", cancellation) == 0)
            return [];
        using var bytes = await facts.ReadAsync("schema.applied", $"SELECT DISTINCT toUInt64(version), name FROM {facts.Database}.schema_versions ORDER BY 1", cancellation);
        var rows = new RowBinaryReader(bytes.Span);
        List<(int, string)> applied = [];
        while (!rows.AtEnd)
            applied.Add(((int)rows.ReadUInt64(), rows.ReadString()));
        return applied;
    }

    /// <exception cref="InvalidOperationException">The store has a schema that this release does not work with.</exception>
    public async Task MustBeInRangeAsync(CancellationToken cancellation)
    {
        using var bytes = await facts.ReadAsync(
            "schema.range",
            $"SELECT toUInt64(max(version)), countIf(endsWith(name, '{Migration.ContractSuffix}') AND version > {Maximum}) FROM {facts.Database}.schema_versions", cancellation);
        var rows = new RowBinaryReader(bytes.Span);
        var (version, removed) = (rows.ReadUInt64(), rows.ReadUInt64());
        if (version < (ulong)Minimum)
            throw new InvalidOperationException($"The schema is {version}; this release needs {Minimum}: its migration has not run yet");
        if (removed > 0)
            throw new InvalidOperationException($"A newer release removed what this one reads: {removed} contract migration(s) beyond schema {Maximum} have run");
    }

    public static string Render(string statement, string database, string engine) =>
        statement.Replace("{database}", database, StringComparison.Ordinal).Replace("{engine}", engine, StringComparison.Ordinal);

    private static Migration[] Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal))
            .Select(resource =>
            {
                var name = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^".sql".Length];
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, Statements(reader.ReadToEnd()));
            })
            .OrderBy(migration => migration.Number)];
    }

    private static string[] Statements(string sql)
    {
        // A statement ends with a semicolon at the end of a line; inside of one it may stand in a comment.
        var lines = sql.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal));
        return [.. string.Join('\n', lines).Split(";\n").Select(statement => statement.Trim().TrimEnd(';')).Where(statement => statement.Length > 0)];
    }
}
