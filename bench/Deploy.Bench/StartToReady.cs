using System.Diagnostics;
using System.Net;
using Provost.Harness;
using Provost.Runbooks.Targets.Process;

namespace Provost.Deploy.Bench;

/// <summary>How long one api replica takes from the start of its process until it says that it is ready.</summary>
internal static class StartToReady
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<TimeSpan> MeasureAsync(Installation installation, int rounds)
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < rounds; round++)
            times.Add(await OnceAsync(installation));
        return times.Order().ElementAt(rounds / 2);
    }

    private static async Task<TimeSpan> OnceAsync(Installation installation)
    {
        var api = (await installation.ReplicasAsync()).First(replica => replica.Service == "api");
        var port = new StateDirectory(installation.StateDirectory).ReadSiteSpec()!.Replicas.Single(replica => replica.Id == api.Id).Probe.Port;
        using (var old = Process.GetProcessById(api.Pid))
        {
            old.Kill();
            await old.WaitForExitAsync();
        }
        await ReadyAsync(port);
        var ready = TimeProvider.System.GetLocalNow().DateTime;
        var again = (await installation.ReplicasAsync()).Single(replica => replica.Id == api.Id);
        using var process = Process.GetProcessById(again.Pid);
        return again.Pid != api.Pid ? ready - process.StartTime : throw new InvalidOperationException($"{api.Id} was killed and did not start again");
    }

    // The agent keeps the socket open: who asks early waits for the new process.
    private static async Task ReadyAsync(int port)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < Limit; await Task.Delay(5))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
        }
        throw new InvalidOperationException($"nobody got ready on port {port}");
    }
}
