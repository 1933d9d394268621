using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>Whether the restored tables are those that the release expects, column by column: its own migrations say so.</summary>
internal static class RestoredSchema
{
    // A release from before there was a comparison does not know the verb.
    private const int UnknownVerb = 64;

    /// <param name="api">The platform's program.</param>
    /// <param name="settings">Where it finds the restored stores.</param>
    public static async Task RequireExpectedAsync(Manifest manifest, string api, IReadOnlyDictionary<string, string> settings, string work, CancellationToken cancellation)
    {
        var (exitCode, lines) = await Shell.RunAsync(new Command(api, ["schema", "--check"], work, settings), null, cancellation);
        if (exitCode is UnknownVerb)
        {
            return;
        }
        if (exitCode != 0 || lines.LastOrDefault(line => line.StartsWith('[')) is not { } answer)
        {
            throw new OperationError(ErrorKind.Failed, $"the restored tables could not be compared with those of the release (exit code {exitCode})", "nothing was put into place; the lines below say why", lines);
        }
        var differences = JsonSerializer.Deserialize(answer, RestoredSchemaJson.Default.StringArray)!;
        if (differences.Length > 0)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the tables of {manifest.Id} are not those that its migrations make: somebody changed them before the cut",
                "nothing was put into place; choose a backup from before that: provost backup list", differences);
        }
    }
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class RestoredSchemaJson : JsonSerializerContext;
