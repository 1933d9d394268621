using System.Diagnostics;
using System.Text;

namespace Provost.Containers.Tests;

internal sealed record Outcome(int Exit, string Output, string Error)
{
    public string Require() => Exit == 0 ? Output : throw new InvalidOperationException($"exit {Exit}\n{Output}\n{Error}");
}

/// <summary>Runs programs and waits for them.</summary>
internal static class Programs
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Provost { get; } = Path.Combine(Root, "artifacts/bin/Cli/release/provost");

    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    public static async Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, environment);
        // Lines of errors, so that a program that lives on with the same stream (an engine) does not hold us.
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, e) => errors.AppendLine(e.Data);
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, errors.ToString());
    }

    /// <summary>Kills a program when it says something, as an accident would.</summary>
    public static async Task KillWhenAsync(string said, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, environment);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains(said, StringComparison.Ordinal))
        {
        }
        Assert.False(process.HasExited, $"it ended and never said \"{said}\"");
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Lets something happen when a program says something, and waits for its end.</summary>
    public static async Task<Outcome> StrikeWhenAsync(string said, Func<Task> strike, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var (errors, struck) = (new StringBuilder(), false);
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            errors.AppendLine(line);
            if (!struck && line.Contains(said, StringComparison.Ordinal))
            {
                struck = true;
                await strike();
            }
        }
        await process.WaitForExitAsync();
        Assert.True(struck, $"it never said \"{said}\": {errors}");
        return new(process.ExitCode, await output, errors.ToString());
    }

    private static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[key] = value;
        }
        return Process.Start(info)!;
    }

    private static string Find(string from) => File.Exists(Path.Combine(from, "Provost.slnx")) ? from : Find(Path.GetDirectoryName(from.TrimEnd('/'))!);
}
