using Provost.Agent.Schedules;
using Provost.Rendering.Process;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Compose;

namespace Provost.Agent;

/// <summary>The agent of a container that makes backups: it keeps nothing alive and runs the schedules alone.</summary>
public static class BackupAgent
{
    public static async Task RunAsync(ScheduleSpec schedule, Func<OperatorClient> platform, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        void report(string kind, string words) => say($"{kind}: {words}");
        await await Task.WhenAny(
            BackupSchedule.Of(() => schedule, report, time, new Heartbeat(Heartbeat.DefaultFile, time)).RunAsync(cancellation),
            ErasureSchedule.Of(() => schedule, platform, report, time).RunAsync(cancellation));
    }
}
