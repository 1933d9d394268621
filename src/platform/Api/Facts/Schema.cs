using System.Globalization;
using System.Reflection;

namespace Provost.Api.Facts;

/// <summary>One numbered file of Migrations/.</summary>
internal sealed record Migration(int Number, string Name, IReadOnlyList<string> Statements);

/// <summary>
/// The facts' schema. Migrations only expand (new tables, new columns with defaults); what a release no longer needs is
/// dropped by a later one, when no neighbour reads it any more. So two neighbouring releases run side by side.
/// </summary>
internal sealed class Schema(FactsStore facts)
{
    /// <summary>Oldest schema that this release works with.</summary>
    public const int Minimum = 1;

    private const string Folder = ".Facts.Migrations.";
    private const string Engine = "MergeTree";

    public static IReadOnlyList<Migration> Migrations { get; } = Load();

    /// <summary>Schema that this release brings.</summary>
    public static int Maximum => Migrations[^1].Number;

    /// <summary>Brings the store up to this release; replicas may do so at the same time.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await facts.ExecuteAsync("schema.database", $"CREATE DATABASE IF NOT EXISTS {facts.Database}", cancellation);
        await facts.ExecuteAsync("schema.table", $"""
            CREATE TABLE IF NOT EXISTS {facts.Database}.schema_versions
            (version UInt32, name String, applied DateTime DEFAULT now())
            ENGINE = {Engine} ORDER BY version SETTINGS non_replicated_deduplication_window = 1000
            """, cancellation);
        var current = await VersionAsync(cancellation);
        foreach (var migration in Migrations.Where(migration => migration.Number > current))
        {
            foreach (var statement in migration.Statements)
                await facts.ExecuteAsync("schema.migrate", Render(statement), cancellation);
            var row = new RowBinaryWriter();
            row.Write((uint)migration.Number);
            row.Write(migration.Name);
            row.EndRow();
            await facts.InsertAsync("schema_versions", ["version", "name"], row, $"schema-{migration.Number}", cancellation);
        }
    }

    public async Task<int> VersionAsync(CancellationToken cancellation) =>
        (int)await facts.CountAsync("schema.version", $"SELECT toUInt64(max(version)) FROM {facts.Database}.schema_versions", cancellation);

    /// <exception cref="InvalidOperationException">The store has a schema that this release does not work with.</exception>
    public async Task MustBeInRangeAsync(CancellationToken cancellation)
    {
        var version = await VersionAsync(cancellation);
        if (version < Minimum)
            throw new InvalidOperationException($"The schema is {version}; this release needs {Minimum}: its migration has not run yet");
    }

    private string Render(string statement) =>
        statement.Replace("{database}", facts.Database, StringComparison.Ordinal).Replace("{engine}", Engine, StringComparison.Ordinal);

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
