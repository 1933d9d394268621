using System.Runtime.InteropServices;
using Provost.Rendering.Process;
using Provost.Runbooks.Tools;
using Provost.Agent.Sockets;

namespace Provost.Agent.Supervision;

/// <summary>A running process of a replica: started by this agent, or adopted from an earlier one.</summary>
internal sealed class ChildProcess
{
    // A quarter of a processor that others want too: a start goes on, and who serves meanwhile is not held up by it.
    private const int NiceStart = 5;

    private static readonly int OwnNiceness = Niceness.Present;
    private static readonly bool ComesBack = Niceness.IsReversible();

    private readonly bool isChild;

    private ChildProcess(ProcessIdentity identity, bool isChild)
    {
        Identity = identity;
        this.isChild = isChild;
    }

    public ProcessIdentity Identity { get; }

    public static ChildProcess Start(ReplicaSpec spec, ListeningSockets sockets)
    {
        var pid = Spawn.Start(new SpawnRequest(spec.Program, spec.Arguments, Environment(spec), [.. spec.Sockets.Select(sockets.Descriptor)], spec.LogFile));
        // A child that has already ended is a zombie until it is reaped: it is identified all the same.
        return new ChildProcess(ProcessTable.Identify(pid) ?? new ProcessIdentity(pid, -1, ""), isChild: true);
    }

    public static ChildProcess? Adopt(ProcessIdentity identity) => ProcessTable.IsAlive(identity) ? new ChildProcess(identity, isChild: false) : null;

    public void Signal(int signal)
    {
        // An adopted process may have ended and its number may be another's by now.
        if (isChild || ProcessTable.IsAlive(Identity))
        {
            _ = Native.SendSignal(Identity.Pid, signal);
        }
    }

    /// <summary>Those that serve go first while this one starts, where the kernel would let it <see cref="TakeTurn"/> again.</summary>
    public void LetOthersGoFirst()
    {
        if (ComesBack)
        {
            Niceness.Set(Identity.Pid, OwnNiceness + NiceStart);
        }
    }

    /// <summary>As everybody else, also when it was an earlier agent that let others go first.</summary>
    public void TakeTurn()
    {
        if (Niceness.Of(Identity.Pid) > OwnNiceness)
        {
            Niceness.Set(Identity.Pid, OwnNiceness);
        }
    }

    /// <summary>How the process ended, in words; null while it runs. Reaps it.</summary>
    public string? End()
    {
        if (!isChild)
        {
            return ProcessTable.IsAlive(Identity) ? null : "ended (exit status unknown: it was adopted)";
        }
        var result = Native.WaitPid(Identity.Pid, out var status, Native.NoHang);
        if (result == 0)
        {
            return null;
        }
        if (result < 0)
        {
            return $"ended ({Marshal.GetLastPInvokeErrorMessage()})";
        }
        var signal = status & 0x7F;
        return signal == 0 ? $"exited with code {(status >> 8) & 0xFF}{Meaning((status >> 8) & 0xFF)}" : $"was ended by signal {signal}{Name(signal)}";
    }

    // The machine's own variables that a runtime needs, and nothing else of whoever started the agent.
    private static Dictionary<string, string> Environment(ReplicaSpec spec)
    {
        var environment = new Dictionary<string, string>();
        foreach (var key in (string[])["PATH", "HOME", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT", "LD_LIBRARY_PATH"])
        {
            if (System.Environment.GetEnvironmentVariable(key) is { Length: > 0 } value)
            {
                environment[key] = value;
            }
        }
        foreach (var (key, value) in spec.Environment)
        {
            environment[key] = value;
        }
        return environment;
    }

    // Of sysexits.h, which the services follow.
    private static string Meaning(int exitCode) => exitCode switch
    {
        69 => " (it could not listen)",
        78 => " (its settings are refused)",
        _ => "",
    };

    private static string Name(int signal) => signal switch
    {
        6 => " (abort)",
        9 => " (kill; by hand, or by the kernel when memory ran out)",
        11 => " (segmentation fault)",
        15 => " (terminate)",
        _ => "",
    };
}
