using System.Runtime.InteropServices;
using Provost.Runbooks.Authorities;
using Provost.Agent.Control;
using Provost.Agent.Logs;
using Provost.Agent.Schedules;
using Provost.Agent.Supervision;
using Provost.Rendering.Process;
using Provost.Runbooks;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Process;

namespace Provost.Agent;

/// <summary>The agent of one state directory, from its lock to its end.</summary>
public static class AgentHost
{
    private static readonly TimeSpan RotationInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CertificateInterval = TimeSpan.FromHours(6);
    private static readonly TimeSpan TimeForAnswers = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(string stateDirectory, TimeProvider time, CancellationToken cancellation)
    {
        var state = new StateDirectory(stateDirectory);
        state.Create();
        using var only = AgentLock.Take(state);
        var spec = state.ReadSiteSpec()
            ?? throw new OperationError(ErrorKind.NotRunning, $"{state.SiteSpec} is missing", "start the installation with: provost up");
        var happenings = new Happenings(state.AgentLog, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // SIGTERM ends the agent alone: services go on, and the next agent adopts them.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; ending.Cancel(); });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        Directory.SetCurrentDirectory(state.Root);
        if (spec.Certificate is { } certificate)
        {
            new Authority(certificate, time).Ensure();
        }
        happenings.Report("agent", "started", $"process {Environment.ProcessId}");
        using var site = new Site(spec, state, happenings, time, ending.Token);
        site.Start();
        using var control = new ControlServer(site, state, happenings, ending);
        await RunAsync(control, site, state, happenings, time, ending);
        happenings.Report("agent", "stopped", site.IsStopping ? "with all services" : "services go on");
    }

    private static async Task RunAsync(ControlServer control, Site site, StateDirectory state, Happenings happenings, TimeProvider time, CancellationTokenSource ending)
    {
        ScheduleSpec? schedule() => ScheduleNotes.OfSite(site.Spec.Schedule);
        void report(string kind, string words) => happenings.Report("agent", kind, words);
        Task[] work = [control.RunAsync(ending.Token), RotateAsync(site, happenings, time, ending.Token), RenewAsync(site, happenings, time, ending.Token),
            BackupSchedule.Of(schedule, report, time).RunAsync(ending.Token),
            ErasureSchedule.Of(schedule, () => OperatorClient.For(state), report, time).RunAsync(ending.Token)];
        try
        {
            await await Task.WhenAny(work);
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
        await ending.CancelAsync();
        await Task.Delay(TimeForAnswers, time, CancellationToken.None);
    }

    private static async Task RotateAsync(Site site, Happenings happenings, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(RotationInterval, time, cancellation);
            if (LogRotation.IsDue(happenings.LogFile, site.Spec.Logs))
            {
                LogRotation.Rotate(happenings.LogFile, site.Spec.Logs, []);
            }
            // A replica that was never ready may not listen to the signal yet, and would end by it.
            foreach (var runner in site.Runners.Where(r => r.WasReady && LogRotation.IsDue(r.Spec.LogFile, site.Spec.Logs)))
            {
                int[] writers = runner.Spec.ReopensLog && runner.Status().Pid is { } pid ? [pid] : [];
                LogRotation.Rotate(runner.Spec.LogFile, site.Spec.Logs, writers);
                happenings.Report(runner.Id, "logRotated", runner.Spec.LogFile);
            }
        }
    }

    private static async Task RenewAsync(Site site, Happenings happenings, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(CertificateInterval, time, cancellation);
            if (site.Spec.Certificate is { } spec && new Authority(spec, time).Ensure())
            {
                happenings.Report("agent", "certificate", $"renewed for {spec.Domain}");
            }
        }
    }
}
