using System.Diagnostics;
using System.Text.Json;

namespace Provost.Harness;

/// <summary>What a run of ./provost printed.</summary>
public sealed record CommandResult(string Line, int ExitCode, string Output, string Talk)
{
    /// <summary>stdout as JSON; an exception that shows everything when it is not.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonDocument.Parse(Output).RootElement;
            }
            catch (JsonException)
            {
                throw new InvalidOperationException($"No JSON on stdout. {this}");
            }
        }
    }

    public CommandResult MustSucceed() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    public override string ToString() => $"$ {Line}\nexit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Talk}";
}

/// <summary>Runs ./provost as a person would, with a limit on time.</summary>
public static class Command
{
    public static Task<CommandResult> ProvostAsync(string workingDirectory, TimeSpan limit, params string[] arguments) =>
        RunAsync(Path.Combine(Repository.Root, "provost"), workingDirectory, limit, arguments);

    public static async Task<CommandResult> RunAsync(string program, string workingDirectory, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var talk = process.StandardError.ReadToEndAsync();
        using var timer = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} took more than {limit}\n{await output}\n{await talk}");
        }
        return new CommandResult($"{Path.GetFileName(program)} {string.Join(' ', arguments)}", process.ExitCode, await output, await talk);
    }
}
