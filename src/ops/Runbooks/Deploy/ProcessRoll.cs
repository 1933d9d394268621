using Provost.Rendering.Process;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>A site of plain processes: the agent makes what runs equal to the specification on the disk.</summary>
/// <param name="next">What is to run, with the files that go with it.</param>
internal sealed class ProcessRoll(StateDirectory state, SiteSpec old, NextSite next, TimeProvider time, string tool) : IRoll
{
    private static readonly TimeSpan MigrationLimit = TimeSpan.FromMinutes(30);
    private static readonly Dictionary<string, string> NoFiles = [];

    private readonly AgentClient agent = new(state.AgentSocket);

    public string From => old.Release;

    public string To => next.Spec.Release;

    public OperatorDoor Door { get; } = OperatorDoor.Of(old, state.Secret(Secrets.Operator, Secrets.OperatorToken) ?? "");

    public IReadOnlyList<IGateway> OldGateways { get; } = LoopbackGateway.In(state, old);

    public IReadOnlyList<IGateway> NewGateways { get; } = LoopbackGateway.In(state, next.Spec with { Replicas = [.. next.Spec.Replicas.Where(r => old.Replicas.All(o => o.Id != r.Id))] });

    public Destinations OldDestinations => Destinations.Of(old);

    public Destinations NewDestinations => Destinations.Of(next.Spec);

    public IReadOnlyList<string> Notes => next.Notes;

    public static async Task<ProcessRoll> OpenAsync(DeployRequest request, ReleaseManifest manifest, TimeProvider time, CancellationToken cancellation)
    {
        var state = request.State;
        var old = state.ReadSiteSpec() ?? throw OperatorClient.NotRunning();
        using var agent = new AgentClient(state.AgentSocket);
        if (await agent.StatusAsync(cancellation) is null && SiteStop.LivingChildren(state).Count > 0)
        {
            await AgentStarter.StartAsync(state, request.Tool, time, cancellation);
        }
        var status = await agent.StatusAsync(cancellation) ?? throw OperatorClient.NotRunning();
        if (status.Replicas.FirstOrDefault(r => old.Replicas.Any(o => o.Id == r.Id && SiteRendering.IsStore(o)) && !r.Ready) is { } store)
        {
            throw Preflight.StoreNotReady(store);
        }
        return new ProcessRoll(state, old, await NextSite.RenderAsync(request, old, manifest, time, cancellation), time, request.Tool);
    }

    // As the api itself would start, but with no socket to listen on and no log file.
    public async Task<SchemaState> SchemaAsync(string[] verb, CancellationToken cancellation)
    {
        var api = old.Replicas.First(r => r.Service == Replicas.Api);
        var environment = api.Environment.Where(e => !e.Key.StartsWith("PROVOST_Listen__", StringComparison.Ordinal) && e.Key != "PROVOST_Logs__File").ToDictionary();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(MigrationLimit);
        var (exitCode, lines) = await Shell.RunAsync(new Command(Path.Combine(ReleaseFolder.Of(state, next.Installed), "Api", "Provost.Api"), verb, Environment: environment), null, limit.Token);
        // It can take long, and nobody else would miss an agent that ended meanwhile.
        await EnsureAgentAsync(cancellation);
        return SchemaTool.Read(next.Installed, exitCode, lines);
    }

    public void Begin() => new DeployJournal(next.Installed, time.GetUtcNow(), old, next.Spec, Committed: false).Write(state);

    public void Commit() => new DeployJournal(next.Installed, time.GetUtcNow(), old, next.Spec, Committed: true).Write(state);

    public void End() => DeployJournal.Remove(state);

    /// <summary>Starts new api and web replicas beside the old ones and waits until they are ready.</summary>
    public async Task StartBesideAsync(TimeSpan limit, CancellationToken cancellation)
    {
        StateWriter.Write(state, Union(r => r.Service is Replicas.Api or Replicas.Web), next.Files);
        await StartAsync(Added(Replicas.Api, Replicas.Web), limit, cancellation);
    }

    /// <summary>Starts the stores anew, one after the other; connections to them wait meanwhile.</summary>
    public async Task RenewStoresAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var stores = next.Spec.Replicas.Where(SiteRendering.IsStore).ToDictionary(r => r.Id);
        StateWriter.Write(state, old with { Replicas = [.. old.Replicas.Select(r => stores.GetValueOrDefault(r.Id, r))] }, next.Files);
        await ApplyAsync(_ => { }, cancellation);
        await new Readiness(state, time).WaitAsync(limit, _ => { }, cancellation);
    }

    public async Task StartGatewaysAsync(TimeSpan limit, CancellationToken cancellation)
    {
        StateWriter.Write(state, Union(_ => true), NoFiles);
        await StartAsync(Added(Replicas.Gateway), limit, cancellation);
    }

    /// <summary>Stops the old replicas: each finishes what it has, tells its live sessions to reconnect, ends.</summary>
    public async Task StopOldAsync(bool drain, Action<string> say, CancellationToken cancellation)
    {
        StateWriter.Write(state, next.Spec, NoFiles);
        if (!drain)
        {
            var status = await agent.StatusAsync(cancellation);
            foreach (var pid in (status?.Replicas ?? []).Where(r => next.Spec.Replicas.All(n => n.Id != r.Id)).Select(r => r.Pid).OfType<int>())
            {
                _ = Native.SendSignal(pid, Native.Kill);
            }
        }
        await ApplyAsync(say, cancellation);
    }

    /// <summary>Back to the old replicas, which never stopped; what was begun is taken back.</summary>
    public async Task ReturnAsync(TimeSpan limit, Action<string> undone, CancellationToken cancellation)
    {
        if (await EnsureAgentAsync(cancellation))
        {
            undone("the agent was started again; it adopted what ran");
        }
        undone(await this.SwitchBackAsync(cancellation));
        StateWriter.Write(state, old, NoFiles);
        await ApplyAsync(undone, cancellation);
        undone($"the replicas of {next.Installed} were drained and stopped");
        await new Readiness(state, time).WaitAsync(limit, _ => { }, cancellation);
        undone($"all replicas of {old.Release} are ready");
    }

    /// <summary>Starts the agent when none answers; whether that was so.</summary>
    public async Task<bool> EnsureAgentAsync(CancellationToken cancellation)
    {
        if (await agent.StatusAsync(cancellation) is not null)
        {
            return false;
        }
        await AgentStarter.StartAsync(state, tool, time, cancellation);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        agent.Dispose();
        foreach (var gateway in OldGateways.Concat(NewGateways))
        {
            await gateway.DisposeAsync();
        }
    }

    private IReadOnlyList<ReplicaSpec> Added(params string[] services) =>
        [.. next.Spec.Replicas.Where(r => services.Contains(r.Service) && old.Replicas.All(o => o.Id != r.Id))];

    // Only the sockets of those who serve them: a connection to another would wait for nobody.
    private SiteSpec Union(Func<ReplicaSpec, bool> wanted)
    {
        var added = next.Spec.Replicas.Where(r => old.Replicas.All(o => o.Id != r.Id) && wanted(r)).ToList();
        return old with
        {
            Digest = next.Spec.Digest,
            Replicas = [.. next.Spec.Replicas.Where(SiteRendering.IsStore), .. old.Replicas.Where(r => !SiteRendering.IsStore(r)), .. added],
            Sockets = [.. old.Sockets.UnionBy(next.Spec.Sockets.Where(s => added.Exists(r => r.Sockets.Contains(s.Name))), s => s.Name)],
        };
    }

    private async Task StartAsync(IReadOnlyList<ReplicaSpec> added, TimeSpan limit, CancellationToken cancellation) =>
        await new ReplicaStarts(agent, state, EnsureAgentAsync, time).RunAsync(added, () => ApplyAsync(_ => { }, cancellation), limit, cancellation);

    // Whoever does not end in time is killed by the agent: said here, because somebody's work was cut.
    private async Task ApplyAsync(Action<string> say, CancellationToken cancellation)
    {
        await using var watch = AgentWatch.Start(agent, happened =>
        {
            if (happened.Kind == AgentEvent.Killed)
            {
                say($"{happened.Replica} {happened.Message}");
            }
        }, time, cancellation);
        await ApplyAsync(cancellation);
    }

    private async Task ApplyAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await agent.ApplyAsync(cancellation);
            if (answer.Done)
            {
                return;
            }
            // Killed in the middle of it: what is to run stands on the disk, so its successor goes on from there.
            if (attempt > 1 || !await EnsureAgentAsync(cancellation))
            {
                throw new OperationError(ErrorKind.Failed, $"the agent could not apply the specification: {answer.Problem}", $"its log may say more: {state.AgentLog}");
            }
        }
    }
}
