using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Provost.Api.Tests.Harness;

/// <summary>A store as a process of its own, with its data in a temporary directory: it can be killed and started again.</summary>
internal sealed class Server(string program, string[] arguments, IReadOnlyDictionary<string, string> environment, string directory, Func<Task<bool>> isReady)
    : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly StringBuilder output = new();
    private Process? process;

    public string Directory => directory;

    public static int FreePort() => Provost.Harness.FreePort.Next();

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var waited = Stopwatch.StartNew(); !await isReady(); await Task.Delay(50))
            if (waited.Elapsed > StartLimit || process.HasExited)
                throw new InvalidOperationException($"{program} did not become ready: {Output}");
    }

    /// <summary>kill -9, and wait until it is gone.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await KillAsync();
        process?.Dispose();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    private string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }
}
