using System.ComponentModel;
using System.Diagnostics;

namespace Provost.Runbooks.Tools;

/// <summary>A program to run, as a value: it can be printed before it is run.</summary>
/// <param name="Environment">Added to the environment of this process.</param>
public sealed record Command(string Program, IReadOnlyList<string> Arguments, string? Directory = null, IReadOnlyDictionary<string, string>? Environment = null)
{
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quoted));

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./:=+@,".Contains(c, StringComparison.Ordinal))
        ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

/// <summary>Runs commands and waits for them; with the agent, the only place where programs are started.</summary>
public static class Shell
{
    private const int KeptLines = 200;

    /// <summary>The path of a program, as the shell would find it; null when it is not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(file => File.Exists(file) && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>Lines of both streams, the last of them when there are many.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Lines)> RunAsync(Command command, Action<string>? line, CancellationToken cancellation)
    {
        using var process = new System.Diagnostics.Process { StartInfo = StartInfo(command) };
        Queue<string> lines = [];
        void Keep(string? text)
        {
            if (text is null)
            {
                return;
            }
            lock (lines)
            {
                lines.Enqueue(text);
                if (lines.Count > KeptLines)
                {
                    lines.Dequeue();
                }
            }
            line?.Invoke(text);
        }
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        Start(process, command);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitAsync(process, cancellation);
        return (process.ExitCode, [.. lines]);
    }

    /// <summary>Standard output as bytes go to the stream; lines of standard error to the action.</summary>
    /// <param name="input">Short: standard input; null for none.</param>
    public static async Task<int> StreamAsync(Command command, Stream output, Action<string> errorLine, CancellationToken cancellation, string? input = null)
    {
        using var process = new System.Diagnostics.Process { StartInfo = StartInfo(command) };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                errorLine(e.Data);
            }
        };
        Start(process, command);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        process.BeginErrorReadLine();
        await process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
        await WaitAsync(process, cancellation);
        return process.ExitCode;
    }

    /// <summary>Runs a program on the streams of this process.</summary>
    /// <param name="input">Standard input; null for that of this process.</param>
    public static async Task<int> AttachAsync(Command command, string? input, CancellationToken cancellation)
    {
        var info = StartInfo(command);
        (info.RedirectStandardInput, info.RedirectStandardOutput, info.RedirectStandardError) = (input is not null, false, false);
        using var process = new System.Diagnostics.Process { StartInfo = info };
        Start(process, command);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        await WaitAsync(process, cancellation);
        return process.ExitCode;
    }

    internal static ProcessStartInfo StartInfo(Command command)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.Directory ?? "",
        };
        foreach (var (key, value) in command.Environment ?? new Dictionary<string, string>())
        {
            info.Environment[key] = value;
        }
        return info;
    }

    private static void Start(System.Diagnostics.Process process, Command command)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new OperationError(ErrorKind.Machine, $"{command.Program} could not be started: {e.Message}", $"install {command.Program} or put it on the PATH", cause: e);
        }
    }

    private static async Task WaitAsync(System.Diagnostics.Process process, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
