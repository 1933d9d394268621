using Provost.Rendering.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Schedules;

/// <summary>A verb of the tool, run as a person would, for this site.</summary>
internal static class ScheduledVerb
{
    /// <param name="report">Takes the kind of what happened, and the words.</param>
    /// <returns>Whether it succeeded.</returns>
    public static async Task<bool> RunAsync(ScheduleSpec spec, string[] verb, Action<string, string> report, CancellationToken cancellation)
    {
        string[] where = spec.ConfigFile is { } file ? ["--config", file, "--site", spec.Site] : ["--site", spec.Site];
        var (exitCode, lines) = await Shell.RunAsync(new Command(Environment.ProcessPath!, [.. verb, .. where], spec.Folder), null, cancellation);
        report(exitCode == 0 ? "scheduled" : "scheduleFailed", $"provost {string.Join(' ', verb)}: {(exitCode == 0 ? "done" : string.Join(" ", lines.TakeLast(3)))}");
        return exitCode == 0;
    }
}
