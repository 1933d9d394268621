using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Provost.Stores.Tests;

/// <summary>A real Provost.Stores process with its own port, data and secrets.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(40);

    private readonly StringBuilder output = new();
    private readonly Process process;

    private StoreProcess(Process process, int port)
    {
        this.process = process;
        Port = port;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public static int FreePort() => Harness.FreePort.Next();

    public static StoreProcess Launch(string service, IReadOnlyDictionary<string, string> settings, string secrets)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Provost.Stores"), service)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PROVOST_Secrets__Directory"] = secrets;
        start.Environment["PROVOST_Service__DrainSeconds"] = "0";
        start.Environment["PROVOST_Listen__Http"] = $"tcp:127.0.0.1:{port}";
        foreach (var (key, value) in settings)
        {
            start.Environment[$"PROVOST_{key}"] = value;
        }

        return new StoreProcess(Process.Start(start)!, port);
    }

    public async Task<StoreProcess> ReadyAsync(TimeSpan? limit = null)
    {
        using var client = new HttpClient();
        var deadline = Stopwatch.StartNew();
        var last = "no answer";
        while (deadline.Elapsed < (limit ?? StartLimit) && !process.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync($"http://127.0.0.1:{Port}/health/ready");
                last = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                {
                    return this;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{(process.HasExited ? $"exit code {process.ExitCode}" : "not ready")}: {last}\n{Output}");
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        return await ExitAsync();
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
