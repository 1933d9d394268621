using System.Text.Json;
using Microsoft.Extensions.Options;
using Provost.Api.State;

namespace Provost.Api.Privacy;

/// <summary>
/// "Provost.Api replay-erasures FILE": no server; the lines of an erasure ledger in, and whoever is on them is erased from
/// the stores that the environment names. After a restore, before anybody is served.
/// </summary>
internal static class ErasureReplay
{
    private const int Usage = 64;
    private const int BadInput = 65;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter talk)
    {
        if (args is not [var file])
        {
            await talk.WriteLineAsync("Usage: Provost.Api replay-erasures FILE (one line of the erasure ledger on each line)");
            return Usage;
        }

        try
        {
            ErasureLine[] lines = [.. (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0)
                .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.ErasureLine)!)];
            if (ErasureLedger.FirstBroken(lines) is { } broken)
            {
                await talk.WriteLineAsync($"The chain of the erasure ledger is broken at {broken.Id}");
                return BadInput;
            }

            // The service's own parts, without serving.
            await using var app = ApiHost.Build([]);
            var replayed = await app.Services.GetRequiredService<Erasure>().ReplayAsync(lines, CancellationToken.None);
            await output.WriteLineAsync(replayed.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        }
        catch (Exception error) when (error is JsonException or IOException or OptionsValidationException or ApiError)
        {
            await talk.WriteLineAsync(error.Message);
            return BadInput;
        }
    }
}
