using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Starts the agent detached: it outlives the terminal and this process.</summary>
internal static class AgentStarter
{
    private const int ShownLines = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task StartAsync(StateDirectory state, string program, TimeProvider time, CancellationToken cancellation)
    {
        var pid = Spawn.Start(new SpawnRequest(program, ["agent", "run", "--state", state.Root], OwnEnvironment(), [], state.AgentLog));
        using var client = new AgentClient(state.AgentSocket);
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Limit)
        {
            if (await client.StatusAsync(cancellation) is { } status && status.Pid == pid)
            {
                return;
            }
            if (Native.WaitPid(pid, out _, Native.NoHang) != 0)
            {
                throw new OperationError(ErrorKind.NotReady, "the agent ended at its start", "correct what it says below, then run provost up again", LogTail.Last(state.AgentLog, 5));
            }
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellation);
        }
        throw new OperationError(
            ErrorKind.NotReady, $"the agent did not answer within {Limit.TotalSeconds:0} s", $"look at {state.AgentLog}", LogTail.Last(state.AgentLog, ShownLines));
    }

    private static Dictionary<string, string> OwnEnvironment()
    {
        var environment = new Dictionary<string, string>
        {
            // The agent idles: a small heap that gives memory back matters more than its speed.
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCConserveMemory"] = "7",
            ["DOTNET_TieredPGO"] = "0",
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
