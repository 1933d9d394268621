using System.Diagnostics;

namespace Provost.Runbooks.Tools;

/// <summary>A program that runs beside this one and ends with it: a store over a scratch copy.</summary>
public sealed class BackgroundProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly System.Diagnostics.Process process;
    private readonly List<string> lines = [];

    private BackgroundProgram(System.Diagnostics.Process process) => this.process = process;

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

    public static BackgroundProgram Start(Command command)
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
        var program = new BackgroundProgram(new System.Diagnostics.Process { StartInfo = info });
        program.process.OutputDataReceived += (_, e) => program.Keep(e.Data);
        program.process.ErrorDataReceived += (_, e) => program.Keep(e.Data);
        program.process.Start();
        program.process.StandardInput.Close();
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

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
        process.Dispose();
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
