using System.Diagnostics;

namespace Provost.Platform.Bench;

/// <summary>Keeps this process, which makes the load, on the last processor while it measures: it then disturbs in the same way every time.</summary>
internal sealed class Pin : IDisposable
{
    public Pin()
    {
        if (Environment.ProcessorCount > 1)
            Run($"{Environment.ProcessorCount - 1}");
    }

    // Programs that are started later inherit it, and those have all of the machine.
    public void Dispose() => Run($"0-{Environment.ProcessorCount - 1}");

    private static void Run(string processors)
    {
        using var taskset = Process.Start(new ProcessStartInfo("taskset", ["-a", "-p", "-c", processors, $"{Environment.ProcessId}"]) { RedirectStandardOutput = true })!;
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
        if (taskset.ExitCode != 0)
            throw new InvalidOperationException($"taskset ended with {taskset.ExitCode}: the load could not be pinned to processor {processors}");
    }
}
