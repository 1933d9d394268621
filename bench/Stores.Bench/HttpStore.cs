using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Provost.Stores.Bench;

/// <summary>The service as it runs: its own process, asked over HTTP as the driver asks.</summary>
internal sealed class HttpStore : IDisposable
{
    private const string Password = "bench";

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Process process;
    private readonly int port;
    private readonly byte[] buffer = new byte[256 * 1024];

    private HttpStore(Process process, int port)
    {
        this.process = process;
        this.port = port;
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"provost:{Password}")));
    }

    public long ResidentMegabytes => Status("VmRSS:") / 1024;

    /// <summary>What no other process shares: without the pages of libchdb.so and of the runtime.</summary>
    public long AnonymousMegabytes => Status("RssAnon:") / 1024;

    public static async Task<HttpStore> StartAsync(string directory, string library)
    {
        var port = FreePort();
        var secrets = Directory.CreateDirectory(Path.Combine(directory, "secrets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "ClickHouse__Password"), Password);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Provost.Stores"), "clickhouse") { RedirectStandardOutput = true };
        start.Environment["PROVOST_Secrets__Directory"] = secrets;
        start.Environment["PROVOST_Listen__Http"] = $"tcp:127.0.0.1:{port}";
        start.Environment["PROVOST_Service__DrainSeconds"] = "0";
        start.Environment["PROVOST_ClickHouse__DataDirectory"] = Path.Combine(directory, "http");
        start.Environment["PROVOST_ClickHouse__Library"] = library;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var store = new HttpStore(process, port);
        await store.ReadyAsync();
        return store;
    }

    public async Task<long> QueryAsync(string sql)
    {
        using var content = new StringContent(sql);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/?default_format=RowBinaryWithNamesAndTypes")) { Content = content };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        }

        await using var stream = await answer.Content.ReadAsStreamAsync();
        long total = 0;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            total += count;
        }

        return total;
    }

    public async Task InsertAsync(string table, byte[] rows)
    {
        using var content = new ByteArrayContent(rows);
        using var answer = await client.PostAsync(new Uri($"http://127.0.0.1:{port}/?query=INSERT%20INTO%20{table}%20FORMAT%20RowBinary"), content);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        client.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private long Status(string key) => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(key, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);

    private async Task ReadyAsync()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(50))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException("the service did not get ready within a minute");
    }
}
