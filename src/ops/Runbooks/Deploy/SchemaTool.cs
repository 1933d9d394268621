using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Process;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>The schema as it is in the store.</summary>
/// <param name="Contracts">Contract migrations that ran, with their numbers: "0007-drop-legacy.contract".</param>
internal sealed record SchemaState(int Version, IReadOnlyList<string> Contracts, IReadOnlyList<string> Applied);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SchemaState))]
internal sealed partial class SchemaJson : JsonSerializerContext;

/// <summary>Runs a release's own migrations against the stores of a site, and knows which release may run on which schema.</summary>
internal sealed class SchemaTool(StateDirectory state, SiteSpec spec)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public Task<SchemaState> LookAsync(string release, CancellationToken cancellation) => RunAsync(release, ["migrate", "--look"], cancellation);

    public Task<SchemaState> ExpandAsync(string release, CancellationToken cancellation) => RunAsync(release, ["migrate"], cancellation);

    public Task<SchemaState> ContractAsync(string release, CancellationToken cancellation) => RunAsync(release, ["migrate", "--contract"], cancellation);

    /// <summary>Why a release cannot run on a schema: what it lacks, or what was taken away that it still needs. Null when it can.</summary>
    public static OperationError? Refusal(ReleaseManifest manifest, SchemaState schema)
    {
        var unknown = schema.Contracts.Where(c => int.TryParse(c.Split('-')[0], out var number) && number > manifest.Schema.Maximum).ToList();
        return unknown.Count == 0 ? null : new OperationError(
            ErrorKind.Refused, $"{manifest.Release} cannot run any more: it knows the schema up to {manifest.Schema.Maximum}, and {string.Join(", ", unknown)} removed what it may still read",
            "deploy a newer release, or restore a backup from before that migration", [.. unknown.Select(c => $"contract migration {c} has run")]);
    }

    // As the api itself would start, but with no socket to listen on and no log file.
    private async Task<SchemaState> RunAsync(string release, string[] arguments, CancellationToken cancellation)
    {
        var api = spec.Replicas.First(r => r.Service == Replicas.Api);
        var environment = api.Environment.Where(e => !e.Key.StartsWith("PROVOST_Listen__", StringComparison.Ordinal) && e.Key != "PROVOST_Logs__File").ToDictionary();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        var (exitCode, lines) = await Shell.RunAsync(
            new Command(Path.Combine(ReleaseFolder.Of(state, release), "Api", "Provost.Api"), arguments, Environment: environment), null, limit.Token);
        return exitCode == 0 && lines.LastOrDefault(l => l.StartsWith('{')) is { } answer && JsonSerializer.Deserialize(answer, SchemaJson.Default.SchemaState) is { } schema ? schema
            : throw new OperationError(
                ErrorKind.Failed, $"the migrations of {release} failed (exit code {exitCode})", "the stores are as they were: correct what is said above, then deploy again",
                [.. lines.TakeLast(20).Select(Condensed)]);
    }

    private static string Condensed(string line)
    {
        var parsed = Logs.LogLine.Parse("api", line);
        return $"{parsed.Level} {parsed.Text.Split('\n')[0]}".Trim();
    }
}
