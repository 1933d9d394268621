using Provost.Agent.Schedules;
using Provost.Rendering.Process;

namespace Provost.Agent;

/// <summary>The agent of a container that makes backups: it keeps nothing alive and runs the schedule alone.</summary>
public static class BackupAgent
{
    public static Task RunAsync(ScheduleSpec schedule, Action<string> say, TimeProvider time, CancellationToken cancellation) =>
        new BackupSchedule(() => schedule, (kind, words) => say($"{kind}: {words}"), time).RunAsync(cancellation);
}
