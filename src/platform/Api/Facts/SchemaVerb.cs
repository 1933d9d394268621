using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Api.Facts;

/// <summary>
/// "Provost.Api schema" says which schemas this release works with; with --check, what the tables of the store lack of what their
/// migrations make, on a store that serves nobody. "Provost.Api migrate [--look|--contract]" brings the store
/// up to this release, without a server, and says what the schema is then and what it still lacks.
/// </summary>
internal static class SchemaVerb
{
    private const int Usage = 64;

    public static bool IsAsked(string[] args) => args is ["schema" or "migrate", ..];

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter talk)
    {
        switch (args)
        {
            case ["schema"]:
                await output.WriteLineAsync(JsonSerializer.Serialize(new SchemaRange(Schema.Minimum, Schema.Maximum), SchemaVerbJson.Default.SchemaRange));
                return 0;
            case ["schema", "--check"]:
                await output.WriteLineAsync(JsonSerializer.Serialize(await CompareAsync(), SchemaVerbJson.Default.StringArray));
                return 0;
            case ["migrate"] or ["migrate", "--look" or "--contract"]:
                await output.WriteLineAsync(JsonSerializer.Serialize(await MigrateAsync(args.ElementAtOrDefault(1)), SchemaVerbJson.Default.SchemaReport));
                return 0;
            default:
                await talk.WriteLineAsync("Usage: Provost.Api schema [--check] | Provost.Api migrate [--look|--contract]");
                return Usage;
        }
    }

    private static async Task<string[]> CompareAsync()
    {
        await using var app = ApiHost.Build([]);
        var comparison = new SchemaComparison(app.Services.GetRequiredService<FactsStore>(), app.Services.GetRequiredService<Schema>());
        return [.. await comparison.DifferencesAsync(CancellationToken.None)];
    }

    private static async Task<SchemaReport> MigrateAsync(string? option)
    {
        await using var app = ApiHost.Build([]);
        var schema = app.Services.GetRequiredService<Schema>();
        if (option != "--look")
            await schema.MigrateAsync(contract: option == "--contract", CancellationToken.None);
        var applied = await schema.AppliedAsync(CancellationToken.None);
        return new SchemaReport(
            applied.Select(migration => migration.Number).DefaultIfEmpty(0).Max(),
            [.. applied.Where(migration => migration.Name.EndsWith(Migration.ContractSuffix, StringComparison.Ordinal)).Select(migration => migration.Name)],
            [.. applied.Select(migration => migration.Name)],
            [.. Schema.Missing(applied).Select(migration => migration.Name)]);
    }
}

internal sealed record SchemaRange(int Minimum, int Maximum);

/// <param name="Pending">Expanding migrations that have not run.</param>
internal sealed record SchemaReport(int Version, string[] Contracts, string[] Applied, string[] Pending);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SchemaRange))]
[JsonSerializable(typeof(SchemaReport))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class SchemaVerbJson : JsonSerializerContext;
