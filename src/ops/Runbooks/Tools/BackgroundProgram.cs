using System.Diagnostics;

namespace Provost.Runbooks.Tools;

/// <summary>
/// A program that runs beside this one and ends with it, also when this one is killed: a store over a scratch copy. A shell waits for
/// the word that its end is bound to ours, and becomes the program then: whoever is killed before leaves a shell that ends by itself.
/// An image without a shell does without. Its own input is empty either way.
/// </summary>
public sealed class BackgroundProgram : IAsyncDisposable
{
    private const string PlainShell = "/bin/sh";

    private static readonly string[] Waiting = ["-c", "read -r bound && exec \"$@\"", PlainShell];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly System.Diagnostics.Process process;
    private readonly DeathSignal death;
    private readonly List<string> lines = [];

    private BackgroundProgram(System.Diagnostics.Process process, DeathSignal death) => (this.process, this.death) = (process, death);

    public bool HasEnded => process.HasExited;

    /// <summary>What it said last, for errors.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (lines)
            {
                return [.. lines.TakeLast(20)];
            }
        }
    }

    public static BackgroundProgram Start(Command command) => Start(command, File.Exists(PlainShell));

    /// <summary>The same, with or without a shell that waits.</summary>
    internal static BackgroundProgram Start(Command command, bool hasShell)
    {
        var (first, arguments) = Bound(command, hasShell);
        var info = new ProcessStartInfo(first, arguments)
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
        var program = new BackgroundProgram(new System.Diagnostics.Process { StartInfo = info }, DeathSignal.Open());
        program.process.OutputDataReceived += (_, e) => program.Keep(e.Data);
        program.process.ErrorDataReceived += (_, e) => program.Keep(e.Data);
        try
        {
            program.process.Start();
            program.death.Bind(program.process.Id);
        }
        catch
        {
            program.death.Dispose();
            throw;
        }
        program.Go(hasShell);
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>The command as it is started.</summary>
    /// <param name="hasShell">Whether there is one that can wait.</param>
    internal static (string Program, IEnumerable<string> Arguments) Bound(Command command, bool hasShell) =>
        hasShell ? (PlainShell, [.. Waiting, command.Program, .. command.Arguments]) : (command.Program, command.Arguments);

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
        {
            return;
        }
        _ = Native.SendSignal(process.Id, Native.Terminate);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        death.Dispose();
        process.Dispose();
    }

    private void Go(bool hasShell)
    {
        try
        {
            if (hasShell)
            {
                process.StandardInput.WriteLine("bound");
            }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already: what it said is in its last lines.
        }
    }

    private void Keep(string? line)
    {
        lock (lines)
        {
            if (line is not null)
            {
                lines.Add(line);
            }
        }
    }
}
