using System.Diagnostics;

namespace Provost.Runbooks.Tools;

/// <summary>A program that runs beside this one and ends with it, also when this one is killed: a store over a scratch copy.</summary>
public sealed class BackgroundProgram : IAsyncDisposable
{
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
        death.Dispose();
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
