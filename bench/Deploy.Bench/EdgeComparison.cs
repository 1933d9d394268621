using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Provost.Harness;

namespace Provost.Deploy.Bench;

/// <summary>The gateway, nginx and HAProxy in front of the same two replicas, one after the other, asked by the same wrk.</summary>
internal static partial class EdgeComparison
{
    private const int Connections = 32;
    private const double OfHaProxy = 0.7;

    private static readonly string[] Programs = ["wrk", "nginx", "haproxy"];

    /// <summary>Programs that are compared with, or that measure, and are not on this machine.</summary>
    public static string[] Missing => [.. Programs.Where(program => Find(program) is null)];

    public static async Task RunAsync(Bars bars, int seconds)
    {
        var wrk = Find("wrk")!;
        int[] replicas = [FreePort(), FreePort()];
        await using var first = await ReplicaAsync(replicas[0]);
        await using var second = await ReplicaAsync(replicas[1]);
        var folder = Directory.CreateTempSubdirectory("provost-bench-").FullName;
        var figures = new List<(string Name, double PerSecond, double P99Ms)>();
        foreach (var edge in Edges(folder, replicas))
        {
            using var running = EdgeProcess.Start(edge.Program, edge.Arguments, edge.Environment);
            await running.AnswersAsync(edge.Port);
            await AskAsync(wrk, edge.Port, 2);
            var (perSecond, p99) = await AskAsync(wrk, edge.Port, seconds);
            figures.Add((edge.Name, perSecond, p99));
        }
        Directory.Delete(folder, recursive: true);
        Console.Write(Table(figures));
        bars.AtLeast("requests per second of the gateway : those of HAProxy", figures[0].PerSecond / figures.Single(figure => figure.Name == "haproxy").PerSecond, OfHaProxy);
    }

    private static string Table(List<(string Name, double PerSecond, double P99Ms)> figures)
    {
        var text = new StringBuilder("balance two replicas, GET of 1 KiB        requests/s    p99 ms    gateway : this\n");
        foreach (var (name, perSecond, p99) in figures)
            text.Append(CultureInfo.InvariantCulture, $"{name,-40} {perSecond,11:0} {p99,9:0.0} {figures[0].PerSecond / perSecond,17:0.00}\n");
        return text.ToString();
    }

    private static IEnumerable<Edge> Edges(string folder, int[] replicas)
    {
        var port = FreePort();
        yield return new Edge("provost gateway", port, Path.Combine(Repository.Published("Gateway"), "Provost.Gateway"), [], new Dictionary<string, string>
        {
            ["PROVOST_Listen__Http"] = $"tcp:127.0.0.1:{port}",
            ["PROVOST_Listen__Admin"] = $"tcp:127.0.0.1:{FreePort()}",
            ["PROVOST_Gateway__Web__0"] = $"http://127.0.0.1:{replicas[0]}",
            ["PROVOST_Gateway__Web__1"] = $"http://127.0.0.1:{replicas[1]}",
            ["PROVOST_Gateway__RequestsPerMinute"] = "0",
            ["PROVOST_Logs__Level"] = "Warning",
        });
        port = FreePort();
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
            worker_processes 2; daemon off; pid {{folder}}/nginx.pid; error_log /dev/null;
            events { worker_connections 1024; }
            http {
              access_log off;
              upstream replicas { least_conn; server 127.0.0.1:{{replicas[0]}}; server 127.0.0.1:{{replicas[1]}}; keepalive 64; }
              server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://replicas; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $remote_addr; } }
            }
            """);
        yield return new Edge("nginx", port, Find("nginx")!, ["-c", Path.Combine(folder, "nginx.conf"), "-p", folder], []);
        port = FreePort();
        File.WriteAllText(Path.Combine(folder, "haproxy.cfg"), $"""
            global
              nbthread 2
            defaults
              mode http
              option forwardfor
              timeout client 60s
              timeout server 60s
              timeout connect 2s
            listen edge
              bind 127.0.0.1:{port}
              balance leastconn
              server a 127.0.0.1:{replicas[0]} check inter 1s
              server b 127.0.0.1:{replicas[1]} check inter 1s

            """);
        yield return new Edge("haproxy", port, Find("haproxy")!, ["-f", Path.Combine(folder, "haproxy.cfg")], []);
    }

    private static async Task<(double PerSecond, double P99Ms)> AskAsync(string wrk, int port, int seconds)
    {
        string[] arguments = ["-t1", $"-c{Connections}", $"-d{seconds}s", "--latency", $"http://127.0.0.1:{port}/"];
        // The load on one core, whoever is measured on the others.
        var (program, all) = Find("taskset") is { } pin ? (pin, (string[])["-c", "0", wrk, .. arguments]) : (wrk, arguments);
        var output = (await Command.RunAsync(program, "/", TimeSpan.FromMinutes(2), all)).MustSucceed().Output;
        if (Errors().IsMatch(output))
            throw new InvalidOperationException($"The edge failed requests: {output}");
        var p99 = Percentile().Match(output);
        return (double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * (p99.Groups[2].Value switch { "us" => 0.001, "s" => 1000, _ => 1 }));
    }

    private static async Task<WebApplication> ReplicaAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var body = new byte[1024];
        app.Run(context => context.Response.Body.WriteAsync(body).AsTask());
        await app.StartAsync();
        return app;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Edge(string Name, int Port, string Program, string[] Arguments, Dictionary<string, string> Environment);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile();

    [GeneratedRegex("Socket errors|Non-2xx")]
    private static partial Regex Errors();
}
