using System.Globalization;
using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>Processes of an installation, from its agent's own note: quick enough to strike one at the right moment.</summary>
internal static class Replicas
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static int? Pid(Installation installation, string replica)
    {
        try
        {
            using var note = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(installation.StateDirectory, "run", "agent.json")));
            return note.RootElement.GetProperty("children").EnumerateArray().Where(c => c.GetProperty("replica").GetString() == replica)
                .Select(c => (int?)c.GetProperty("process").GetProperty("pid").GetInt32()).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>False when the process has ended.</summary>
    public static async Task<bool> SignalAsync(string signal, int pid) =>
        (await Command.RunAsync("kill", "/", TimeSpan.FromMinutes(1), $"-{signal}", pid.ToString(CultureInfo.InvariantCulture))).ExitCode == 0;

    /// <summary>Holds a replica still until it is disposed, also the one that the agent starts in its place.</summary>
    public static IAsyncDisposable HoldStill(Installation installation, string replica) => new Held(installation, replica);

    /// <summary>Stops an api of a new release at the moment at which it is told to end.</summary>
    public static async Task<int> StopWhenToldToEndAsync(Installation installation, IReadOnlyCollection<int> except, CancellationToken cancellation)
    {
        var log = Path.Combine(installation.StateDirectory, "logs", "agent.log");
        var known = (await File.ReadAllLinesAsync(log, cancellation)).Length;
        while (true)
        {
            foreach (var line in (await File.ReadAllLinesAsync(log, cancellation)).Skip(known).Where(l => l.EndsWith('}')))
            {
                using var happened = JsonDocument.Parse(line);
                var (replica, kind) = (happened.RootElement.GetProperty("replica").GetString()!, happened.RootElement.GetProperty("kind").GetString());
                if (kind == "stopping" && replica.StartsWith("api-", StringComparison.Ordinal) && Pid(installation, replica) is { } pid && !except.Contains(pid)
                    && await SignalAsync("STOP", pid))
                    return pid;
            }
            await Task.Delay(Look, cancellation);
        }
    }

    private sealed class Held : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly HashSet<int> stopped = [];
        private readonly Task work;

        public Held(Installation installation, string replica) => work = HoldAsync(installation, replica);

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await work;
            foreach (var pid in stopped)
                await SignalAsync("CONT", pid);
            ending.Dispose();
        }

        private async Task HoldAsync(Installation installation, string replica)
        {
            while (!ending.IsCancellationRequested)
            {
                if (Pid(installation, replica) is { } pid && !stopped.Contains(pid) && await SignalAsync("STOP", pid))
                    stopped.Add(pid);
                await Task.Delay(Look, CancellationToken.None);
            }
        }
    }
}
