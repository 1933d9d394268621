using Provost.Rendering.Process;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// Moves a site to a release and a configuration without anybody noticing, or returns to where it was and says why. The
/// caller holds the operation lock.
/// </summary>
public sealed class Deployment(DeployRequest request, IProgress<StepProgress> progress, TimeProvider time)
{
    private static readonly (string Name, string Title)[] Planned =
    [
        ("preflight", "Look whether it can be done"),
        ("backup", "Take a backup"),
        ("migrate", "Expand the schema"),
        ("stores", "Renew the stores"),
        ("start", "Start the new replicas beside the old ones"),
        ("canary", "Compare the new replicas with the old ones"),
        ("switch", "Switch the gateways"),
        ("smoke", "Try the new release through the edge"),
        ("gateways", "Start new gateways on the same sockets"),
        ("drain", "Drain and stop the old replicas"),
        ("contract", "Contract the schema"),
    ];

    private readonly StateDirectory state = request.State;
    private readonly List<string> notes = [];

    public async Task<DeployReport> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var old = state.ReadSiteSpec() ?? throw new OperationError(ErrorKind.NotRunning, "the installation does not run", "start it with: provost up -d");
        var stages = new Stages([.. Planned.Where(p => IsWanted(p.Name))], progress, time);
        var manifest = await ReleaseManifest.OfAsync(state, request.Release, time, cancellation);
        using var agent = new AgentClient(state.AgentSocket);
        await stages.RunAsync("preflight", _ => Preflight.RequireAsync(request, old, manifest, agent, time, cancellation));
        var (next, files) = await RenderAsync(old, manifest, cancellation);
        using var reserve = SpaceReserve.Take(state.Root);
        using var roll = new ProcessRoll(state, old, next, time, request.Tool);
        await using var watch = new EdgeWatch(old, time);
        var sessions = 0;
        OperationError? failure = null;
        IReadOnlyList<string> undone = [];
        try
        {
            await PrepareAsync(stages, old, cancellation);
            new DeployJournal(request.Release, time.GetUtcNow(), old, next, Committed: false).Write(state);
            await RollAsync(stages, roll, old, next, files, watch, cancellation);
            new DeployJournal(request.Release, time.GetUtcNow(), old, next, Committed: true).Write(state);
        }
        catch (Exception e) when (e is OperationError or OperationCanceledException or IOException or HttpRequestException or UnauthorizedAccessException)
        {
            failure = Explain(e, stages.Current);
            reserve.Release();
            undone = DeployJournal.Read(state) is null ? [] : await roll.ReturnAsync(StartLimit, CancellationToken.None);
        }
        if (failure is null)
        {
            sessions = await roll.LiveSessionsAsync(CancellationToken.None);
            await FinishAsync(stages, roll, CancellationToken.None);
        }
        DeployJournal.Remove(state);
        return new DeployReport(
            request.Release, old.Release, Math.Round(time.GetElapsedTime(start).TotalSeconds, 2), stages.Done, watch.Requests, watch.Failed,
            Math.Round(watch.LongestGap.TotalMilliseconds, 1), sessions, failure is not null, failure?.Message, failure?.Remedy, failure?.Details ?? [], undone, notes);
    }

    private TimeSpan StartLimit => request.Installation.Sites[request.Site].Probes.Start;

    private bool IsWanted(string stage) => stage switch
    {
        "backup" => request.Backup is not null,
        "stores" => request.Stores,
        "canary" => request.Canary is not null,
        "contract" => request.Contract,
        _ => true,
    };

    private async Task<(SiteSpec Next, Dictionary<string, string> Files)> RenderAsync(SiteSpec old, ReleaseManifest manifest, CancellationToken cancellation)
    {
        var site = request.Installation.Sites[request.Site];
        var beside = Replicas.Beside(site, [.. old.Replicas.Select(r => r.Id)]);
        var numbers = SiteRendering.Numbers(old).Where(n => !request.Only.Contains(n.Key)).Concat(beside.Where(b => request.Only.Contains(b.Key))).ToDictionary();
        var (next, files) = SiteRendering.Render(new SiteRequest(request.Installation, request.Site, state, request.Release, request.Release, numbers, Runs: true));
        // Stores are left as they run: they hold the data, and starting them anew is noticed.
        var kept = old.Replicas.Where(r => SiteRendering.IsStore(r) ? !request.Stores : !request.Only.Contains(r.Service)).ToDictionary(r => r.Id);
        if (!request.Stores && SiteRendering.StoresRelease(old) is { } from && from != request.Release && ReleaseFolder.IsInstalled(state, from)
            && (await ReleaseManifest.OfAsync(state, from, time, cancellation)).Artefacts["Stores"] != manifest.Artefacts["Stores"])
        {
            notes.Add($"the stores still run from {from}; renew them at a quiet moment: provost deploy --stores");
        }
        var live = request.Only.Contains(Replicas.Api) ? next.Release : old.Release;
        return (next with { Release = live, Replicas = [.. next.Replicas.Select(r => kept.GetValueOrDefault(r.Id, r))] }, files);
    }

    private async Task PrepareAsync(Stages stages, SiteSpec old, CancellationToken cancellation)
    {
        if (request.Backup is { } backup)
        {
            await stages.RunAsync("backup", async say => say(await backup(cancellation)));
        }
        await stages.RunAsync("migrate", async say =>
        {
            var schema = await new SchemaTool(state, old).ExpandAsync(request.Release, cancellation);
            say($"schema {schema.Version}");
        });
    }

    private async Task RollAsync(Stages stages, ProcessRoll roll, SiteSpec old, SiteSpec next, Dictionary<string, string> files, EdgeWatch watch, CancellationToken cancellation)
    {
        if (request.Stores)
        {
            await stages.RunAsync("stores", _ => roll.RenewStoresAsync(files, StartLimit, cancellation));
        }
        await stages.RunAsync("start", _ => roll.StartBesideAsync(files, StartLimit, cancellation));
        if (request.Canary is { } percent)
        {
            using var comparison = new CanaryComparison(old, next, time);
            await stages.RunAsync("canary", async say => say(await comparison.RunAsync(percent, request.CanaryTime, cancellation)));
        }
        await stages.RunAsync("switch", _ => roll.SwitchAsync(cancellation));
        await stages.RunAsync("smoke", _ => new Smoke(state, next, time).RequireAsync(cancellation));
        await stages.RunAsync("gateways", async _ =>
        {
            await roll.StartGatewaysAsync(StartLimit, cancellation);
            watch.Add(next);
            await new Smoke(state, next, time).RequireAsync(cancellation);
        });
    }

    // The new release serves: from here on there is no way back but a rollback, so nothing interrupts it.
    private async Task FinishAsync(Stages stages, ProcessRoll roll, CancellationToken cancellation)
    {
        await stages.RunAsync("drain", _ => roll.StopOldAsync(request.Drain, cancellation));
        if (request.Contract)
        {
            await stages.RunAsync("contract", async say =>
            {
                var schema = await new SchemaTool(state, state.ReadSiteSpec()!).ContractAsync(request.Release, cancellation);
                say(schema.Contracts.Count == 0 ? "nothing to remove" : string.Join(", ", schema.Contracts));
            });
        }
    }

    private static OperationError Explain(Exception e, string stage) => e switch
    {
        OperationError error => error,
        OperationCanceledException => new OperationError(ErrorKind.Failed, $"interrupted in the stage \"{stage}\"", "deploy again", cause: e),
        _ => new OperationError(ErrorKind.Failed, $"the stage \"{stage}\" failed: {e.Message}", "free space on the disk and check its rights, then deploy again", cause: e),
    };
}
