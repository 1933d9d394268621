using System.Net;
using System.Net.Sockets;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Drills;

/// <summary>A restored installation that runs beside the real one: same release, its own ports, nobody knows it.</summary>
internal sealed class ScratchSite : IAsyncDisposable
{
    /// <summary>Folder of the restored installation within that of the rehearsal.</summary>
    public const string Restored = "restored";

    private readonly BackupSite site;
    private readonly TimeProvider time;

    private ScratchSite(BackupSite site, TimeProvider time)
    {
        this.site = site;
        this.time = time;
    }

    public static async Task<ScratchSite> StartAsync(RestoreDrillRequest request, RestoredBackup restored, TimeProvider time, CancellationToken cancellation)
    {
        var real = request.Site;
        var state = new StateDirectory(restored.StateDirectory);
        var scratch = new ScratchSite(real with { State = state, Folder = restored.Folder, File = null, Placement = null, Installation = Quiet(real) }, time);
        var release = real.Release;
        state.Create();
        Directory.CreateSymbolicLink(ReleaseFolder.Of(state, release), real.Placement is null ? ReleaseFolder.Of(real.State, release) : BackupPlacement.Programs);
        var (spec, files) = SiteRendering.Render(new SiteRequest(
            scratch.site.Installation, real.SiteName, state, release, release, new Dictionary<string, IReadOnlyList<int>>(), Runs: false));
        var plan = new Plan("Start the restored copy", [new Step.WriteState(state, spec, files), new Step.StartAgent(state, request.Tool), new Step.WaitReady(state, scratch.site.Site.Probes.Start)]);
        try
        {
            await new PlanRunner(time, new Progress<StepProgress>()).RunAsync(plan, cancellation);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    public RunningStores Stores() => RunningStores.Of(site);

    /// <summary>Signs in as somebody of the backup, by a one-time link as a person would, and asks for the own courses.</summary>
    public async Task AnswerAsync(IReadOnlyList<string> accounts, IReadOnlyDictionary<string, CourseMark> courses, CancellationToken cancellation)
    {
        using var platform = OperatorClient.For(site.State);
        await new FirstAnswer(platform, accounts, courses).RequireAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await SiteStop.StopAsync(site.State, time, _ => { }, CancellationToken.None);

    // No domain to claim, no public port, no schedule of its own.
    private static Installation Quiet(BackupSite real)
    {
        var site = real.Site with
        {
            Target = Target.Process,
            Domain = null,
            Https = new Https(),
            Http = new Http { Address = "127.0.0.1", Port = FreePort() },
            Shutdown = real.Site.Shutdown with { Drain = TimeSpan.Zero },
            Backup = real.Site.Backup with { Schedule = real.Site.Backup.Schedule with { Enabled = false } },
        };
        return real.Installation with { Sites = new Dictionary<string, Site> { [real.SiteName] = site } };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
