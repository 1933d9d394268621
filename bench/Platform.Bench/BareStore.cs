using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>A store by itself: the program, arguments and data that the agent uses, without agent and services.</summary>
internal sealed class BareStore
{
    private readonly ProcessStartInfo start;
    private readonly int port;
    private readonly bool isRedis;
    private Process? process;

    private BareStore(JsonElement replica)
    {
        isRedis = replica.GetProperty("probe").GetProperty("kind").GetString() == "redis";
        port = isRedis ? replica.GetProperty("probe").GetProperty("port").GetInt32() : FreePort.Next();
        start = new ProcessStartInfo(replica.GetProperty("program").GetString()!, replica.GetProperty("arguments").EnumerateArray().Select(word => word.GetString()!))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in replica.GetProperty("environment").EnumerateObject())
            start.Environment[variable.Name] = variable.Value.GetString();
        start.Environment["PROVOST_Listen__Http"] = $"tcp:127.0.0.1:{port}";
        start.Environment.Remove("PROVOST_Listen__HandOver");
    }

    public static BareStore[] Of(Installation installation)
    {
        using var site = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(installation.StateDirectory, "run/site.json")));
        return [.. site.RootElement.GetProperty("replicas").EnumerateArray().Where(replica => replica.GetProperty("service").GetString() is "redis" or "clickhouse").Select(replica => new BareStore(replica))];
    }

    /// <summary>Returns when it is ready.</summary>
    public async Task StartAsync()
    {
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await IsReadyAsync())
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode} when it was started by itself");
            await Task.Delay(20);
        }
    }

    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            await client.GetStream().WriteAsync(isRedis ? "PING\r\n"u8.ToArray() : "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            var answer = new byte[64];
            var text = Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
            // Redis asks for the password once it has read its file; before that it says LOADING.
            return text.StartsWith(isRedis ? "-NOAUTH" : "HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
