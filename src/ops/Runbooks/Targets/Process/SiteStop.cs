using System.Text.Json;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Stops a site, with its agent or, when that was killed, without.</summary>
internal static class SiteStop
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UnderWayLimit = TimeSpan.FromMinutes(5);

    public static async Task StopAsync(StateDirectory state, TimeProvider time, Action<string> line, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        if (await agent.StatusAsync(cancellation) is { } status)
        {
            var answer = await agent.StopAsync(cancellation);
            if (answer.Done)
            {
                await WaitForEndAsync(ProcessTable.Identify(status.Pid), time, cancellation);
                return;
            }
            line($"the agent did not stop: {answer.Problem}");
        }
        line("no agent answers: its services are stopped by their process numbers");
        await StopChildrenAsync(state, time, cancellation);
    }

    /// <summary>
    /// Waits for the end of a stop that somebody asked for and did not wait for: a down that was broken off, a restore that was killed.
    /// The agent goes on with it, and nothing starts beside it.
    /// </summary>
    public static async Task WaitUnderWayAsync(StateDirectory state, TimeProvider time, Action<string> line, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        if (await agent.StatusAsync(cancellation) is not { Stopping: true } status)
        {
            return;
        }
        line("It is being stopped: waiting for the end of that.");
        var (stopping, start) = (ProcessTable.Identify(status.Pid), time.GetTimestamp());
        while (ProcessTable.IsAlive(stopping))
        {
            if (time.GetElapsedTime(start) > UnderWayLimit)
            {
                throw new OperationError(
                    ErrorKind.NotReady, $"the installation is being stopped, and that has not ended after {UnderWayLimit.TotalMinutes:0} minutes",
                    $"provost status shows what still runs; its agent is process {status.Pid}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }
    }

    public static void Remove(StateDirectory state)
    {
        if (Directory.Exists(state.Root))
        {
            Directory.Delete(state.Root, recursive: true);
        }
        if (Directory.Exists(state.Run))
        {
            Directory.Delete(state.Run, recursive: true);
        }
    }

    /// <summary>Children that the last agent noted and that still run.</summary>
    public static IReadOnlyList<ChildState> LivingChildren(StateDirectory state)
    {
        try
        {
            var known = File.Exists(state.AgentState) ? JsonSerializer.Deserialize(File.ReadAllBytes(state.AgentState), AgentJson.Default.AgentState) : null;
            return [.. (known?.Children ?? []).Where(c => ProcessTable.IsAlive(c.Process))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static async Task StopChildrenAsync(StateDirectory state, TimeProvider time, CancellationToken cancellation)
    {
        var children = LivingChildren(state);
        foreach (var wave in children.GroupBy(c => c.Replica.StartsWith("redis", StringComparison.Ordinal) || c.Replica.StartsWith("clickhouse", StringComparison.Ordinal)).OrderBy(g => g.Key))
        {
            foreach (var child in wave)
            {
                _ = Native.SendSignal(child.Process.Pid, Native.Terminate);
            }
            await Task.WhenAll(wave.Select(c => WaitForEndAsync(c.Process, time, cancellation)));
        }
    }

    private static async Task WaitForEndAsync(ProcessIdentity? process, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (ProcessTable.IsAlive(process))
        {
            if (time.GetElapsedTime(start) > Limit)
            {
                _ = Native.SendSignal(process!.Pid, Native.Kill);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }
    }
}
