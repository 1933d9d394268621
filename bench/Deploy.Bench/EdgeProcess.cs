using System.Diagnostics;

namespace Provost.Deploy.Bench;

/// <summary>A proxy that runs while it is measured.</summary>
internal sealed class EdgeProcess(Process process) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static EdgeProcess Start(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
            info.Environment[key] = value;
        var process = Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new EdgeProcess(process);
    }

    public async Task AnswersAsync(int port)
    {
        using var http = new HttpClient();
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (patience.Elapsed < Limit && !process.HasExited)
            {
                // Not yet.
            }
            if (patience.Elapsed > Limit || process.HasExited)
                throw new InvalidOperationException($"{process.StartInfo.FileName} does not answer on port {port}");
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
