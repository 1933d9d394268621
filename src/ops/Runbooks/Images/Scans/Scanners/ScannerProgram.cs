using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Scans.Scanners;

/// <summary>Runs a scanner and reads its JSON; whatever goes wrong makes the scan incomplete, never clean.</summary>
internal static class ScannerProgram
{
    public static async Task<CheckResult> RunAsync(
        string image, string program, IReadOnlyList<string> arguments, Func<JsonNode, IEnumerable<Finding>> findings, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        List<string> errors = [];
        var exit = await Shell.StreamAsync(new(program, arguments), output, errors.Add, cancellation);
        CheckResult Incomplete(string reason) => new([], [new(image, Path.GetFileName(program), reason)]);
        if (exit != 0)
        {
            return Incomplete($"{program} ended with {exit}: {errors.LastOrDefault() ?? "it gave no reason"}");
        }
        try
        {
            return CheckResult.Of([.. findings(JsonNode.Parse(output.ToArray())!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return Incomplete($"the report of {program} cannot be read: {e.Message}");
        }
    }
}
