using Provost.Runbooks.Logs;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Starts the agent detached: it outlives the terminal and this process.</summary>
internal static class AgentStarter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task StartAsync(StateDirectory state, string tool, TimeProvider time, CancellationToken cancellation)
    {
        ToolFolder.Install(state, tool);
        using var client = new AgentClient(state.AgentSocket);
        await EndOtherAsync(client, time, cancellation);
        var program = ToolFolder.Program(state, tool);
        var pid = Spawn.Start(new SpawnRequest(program, ["agent", "run", "--state", state.Root], OwnEnvironment(), [], state.AgentLog));
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Limit)
        {
            if (await client.StatusAsync(cancellation) is { } status && status.Pid == pid)
            {
                return;
            }
            if (Native.WaitPid(pid, out _, Native.NoHang) != 0)
            {
                throw Ended(LogTail.Last(state.AgentLog, 5));
            }
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellation);
        }
        throw new OperationError(
            ErrorKind.NotReady, $"the agent did not answer within {Limit.TotalSeconds:0} s", $"look at {state.AgentLog}", LogExcerpt.Of(state.AgentLog));
    }

    // The agent says why, in the words of an error: they are this error's words too.
    private static OperationError Ended(IReadOnlyList<string> lines)
    {
        string? After(string prefix) => lines.LastOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return After("error: ") is { } what
            ? new OperationError(ErrorKind.Machine, what, After("what to do: ") ?? "provost doctor checks the machine")
            : new OperationError(ErrorKind.NotReady, "the agent ended at its start", "correct what its log says above, then run provost up again", lines);
    }

    // Services go on without an agent; the new one adopts them.
    private static async Task EndOtherAsync(AgentClient client, TimeProvider time, CancellationToken cancellation)
    {
        if (await client.StatusAsync(cancellation) is not { } status || ProcessTable.Identify(status.Pid) is not { } other)
        {
            return;
        }
        _ = Native.SendSignal(other.Pid, Native.Terminate);
        while (ProcessTable.IsAlive(other))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellation);
        }
    }

    private static Dictionary<string, string> OwnEnvironment()
    {
        var environment = new Dictionary<string, string>
        {
            // The agent idles: a small heap that gives memory back matters more than its speed.
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCConserveMemory"] = "7",
            ["DOTNET_GCgen0size"] = "200000",
        };
        foreach (var key in (string[])["PATH", "HOME", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR"])
        {
            if (Environment.GetEnvironmentVariable(key) is { Length: > 0 } value)
            {
                environment[key] = value;
            }
        }
        return environment;
    }
}
