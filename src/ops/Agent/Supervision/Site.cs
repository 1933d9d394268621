using Provost.Agent.Control;
using Provost.Agent.Sockets;
using Provost.Rendering.Process;
using Provost.Runbooks.Authorities;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Agent.Supervision;

/// <summary>All replicas of the site: adopted or started, changed one after the other, stopped stores last.</summary>
internal sealed class Site : IDisposable
{
    private readonly StateDirectory state;
    private readonly Happenings happenings;
    private readonly RunnerContext context;
    private readonly ListeningSockets sockets = new();
    private readonly Prober prober;
    private readonly Lock journal = new();
    private readonly SemaphoreSlim changing = new(1);
    private readonly Dictionary<string, Task> loops = [];
    private readonly CancellationToken leaving;
    private List<ReplicaRunner> runners = [];

    public Site(SiteSpec spec, StateDirectory state, Happenings happenings, TimeProvider time, CancellationToken leaving)
    {
        Spec = spec;
        this.state = state;
        this.happenings = happenings;
        this.leaving = leaving;
        prober = new Prober(() => TimeSpan.FromSeconds(Spec.Probes.TimeoutSeconds), () => state.Secret(Secrets.Operator, Secrets.AdminToken));
        context = new RunnerContext(sockets, prober, () => Spec.Probes, happenings, time, service => runners.Exists(r => r.Spec.Service == service && r.IsReady), Save);
        runners = [.. spec.Replicas.Select(r => new ReplicaRunner(r, context))];
    }

    public SiteSpec Spec { get; private set; }

    public bool IsStopping { get; private set; }

    public IReadOnlyList<ReplicaRunner> Runners => runners;

    /// <summary>Takes over what an earlier agent left running, gets its sockets back, opens the others, starts the rest.</summary>
    public void Start()
    {
        Adopt(ReadState());
        AdoptStrays();
        var adopted = runners.Where(r => r.State() is not null).Select(r => (Runner: r, ArePresent: TakeSockets(r.Spec))).ToList();
        OpenMissing();
        adopted.ForEach(a => a.Runner.NoteSockets(a.ArePresent));
        Save();
        foreach (var runner in runners)
        {
            Run(runner);
        }
    }

    public AgentStatus Status() => new(
        Environment.ProcessId, Environment.ProcessPath ?? "", ProcessTable.ResidentBytes(Environment.ProcessId), Spec.Installation, Spec.Site, Spec.Release, Spec.Digest, Spec.PublicUrl,
        IsStopping, [.. runners.Select(r => r.Status())]);

    public async Task StopAsync(CancellationToken cancellation)
    {
        IsStopping = true;
        // Gateways and services drain side by side; the stores end when nobody writes any more.
        foreach (var wave in runners.GroupBy(r => r.Spec.Service is Replicas.Redis or Replicas.ClickHouse).OrderBy(g => g.Key))
        {
            await Task.WhenAll(wave.Select(r => r.StopAsync(cancellation)));
        }
        Save();
    }

    /// <summary>Starts anew a replica, or all of a service one after the other; null when all are ready again, else why not.</summary>
    public async Task<string?> RestartAsync(string replicaOrService, CancellationToken cancellation)
    {
        var chosen = runners.Where(r => r.Id == replicaOrService || r.Spec.Service == replicaOrService).ToList();
        return chosen.Count == 0
            ? $"there is no replica or service {replicaOrService}; there are {string.Join(", ", runners.Select(r => r.Id))}"
            : await OneAtATimeAsync(chosen.Select(r => (r, (ReplicaSpec?)null)), cancellation);
    }

    /// <summary>Moves the site to another specification; null when everything is ready, else what went wrong.</summary>
    public async Task<string?> ApplyAsync(SiteSpec changed, CancellationToken cancellation)
    {
        Spec = changed;
        if (changed.Certificate is { } certificate && new Authority(certificate, context.Time).Ensure())
        {
            happenings.Report("agent", "certificate", $"issued for {certificate.Domain}");
        }
        OpenMissing();
        foreach (var added in changed.Replicas.Where(r => !runners.Exists(x => x.Id == r.Id)))
        {
            var runner = new ReplicaRunner(added, context);
            runners = [.. runners, runner];
            Run(runner);
        }
        // In the order of the specification: nobody before whom it needs.
        var stale = changed.Replicas.Select(r => (Runner: runners.Single(x => x.Id == r.Id), Spec: (ReplicaSpec?)r))
            .ToLookup(pair => ReplicaDigest.Of(pair.Runner.Spec) != ReplicaDigest.Of(pair.Spec!) || pair.Runner.IsStale);
        foreach (var (runner, spec) in stale[false])
        {
            runner.Update(spec!);
        }
        var problem = await OneAtATimeAsync(stale[true], cancellation);
        await StopOthersAsync(changed.Replicas.Select(r => r.Id).ToHashSet(), cancellation);
        sockets.KeepOnly(changed.Sockets.Select(s => s.Name));
        Save();
        return problem;
    }

    // Side by side: their successors serve already. Whoever shares a socket with one that stays need not accept any more.
    private async Task StopOthersAsync(HashSet<string> wanted, CancellationToken cancellation)
    {
        var gone = runners.Where(r => !wanted.Contains(r.Id)).ToList();
        var staying = runners.Except(gone).Where(r => r.IsReady).SelectMany(r => r.Spec.Sockets).ToHashSet();
        await Task.WhenAll(gone.Select(r => r.StopAsync(cancellation, handOver: r.Spec.Sockets.Any(staying.Contains))));
        runners = [.. runners.Except(gone)];
    }

    public void Dispose()
    {
        sockets.Dispose();
        prober.Dispose();
        changing.Dispose();
    }

    private async Task<string?> OneAtATimeAsync(IEnumerable<(ReplicaRunner Runner, ReplicaSpec? Spec)> chosen, CancellationToken cancellation)
    {
        await changing.WaitAsync(cancellation);
        try
        {
            foreach (var (runner, spec) in chosen)
            {
                if (await runner.RestartAsync(spec, cancellation) is { } problem)
                {
                    return problem;
                }
            }
            return null;
        }
        finally
        {
            changing.Release();
        }
    }

    private void Run(ReplicaRunner runner) => loops[runner.Id] = Task.Run(
        async () =>
        {
            try
            {
                await runner.RunAsync(leaving);
            }
            catch (OperationCanceledException)
            {
                // The agent leaves; the process stays for the next one.
            }
            catch (Exception e)
            {
                happenings.Report(runner.Id, "agentError", e.ToString());
                throw;
            }
        },
        CancellationToken.None);

    private AgentState? ReadState()
    {
        try
        {
            return File.Exists(state.AgentState)
                ? System.Text.Json.JsonSerializer.Deserialize(File.ReadAllBytes(state.AgentState), AgentJson.Default.AgentState)
                : null;
        }
        catch (System.Text.Json.JsonException)
        {
            // Written whole or not at all; if it is damaged nevertheless, the process table tells.
            return null;
        }
    }

    private void Adopt(AgentState? earlier)
    {
        foreach (var known in earlier?.Children ?? [])
        {
            runners.Find(r => r.Id == known.Replica)?.Adopt(known.Process, known.Restarts, known.StartedAt, known.Spec);
        }
    }

    // An agent that was killed between a start and its note, or a state file that was lost: the process table knows.
    private void AdoptStrays()
    {
        foreach (var (pid, environment) in ProcessTable.Leaders("PROVOST_Secrets__Directory", state.Secrets + "/"))
        {
            if (ProcessTable.Identify(pid) is not { } identity || runners.Exists(r => r.State()?.Process == identity))
            {
                continue;
            }
            var runner = runners.Find(r => r.Id == environment.GetValueOrDefault("PROVOST_Service__Replica"));
            if (runner?.Adopt(identity, 0, context.Time.GetUtcNow(), default) != true)
            {
                happenings.Report(environment.GetValueOrDefault("PROVOST_Service__Replica", "unknown"), "stray", $"process {pid} belongs to no replica: it is asked to end");
                _ = Native.SendSignal(pid, Native.Terminate);
            }
        }
    }

    // False when it holds one of an address that the site has left meanwhile.
    private bool TakeSockets(ReplicaSpec running)
    {
        var arePresent = true;
        if (running.Environment.GetValueOrDefault("PROVOST_Listen__HandOver") is { } path && running.Sockets.Count > 0)
        {
            foreach (var descriptor in HandOver.Receive(path))
            {
                arePresent &= sockets.Take(descriptor, Spec.Sockets);
            }
        }
        return arePresent;
    }

    private void OpenMissing()
    {
        foreach (var spec in Spec.Sockets.Where(s => !sockets.Has(s)))
        {
            sockets.Open(spec);
        }
    }

    private void Save()
    {
        lock (journal)
        {
            var children = runners.Select(r => r.State()).OfType<ChildState>().ToList();
            var now = new AgentState(Spec.Digest, ProcessTable.Identify(Environment.ProcessId)!, children);
            try
            {
                PrivateFiles.Write(state.AgentState, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(now, AgentJson.Default.AgentState));
            }
            catch (IOException e)
            {
                happenings.Report("agent", "agentError", $"{state.AgentState} cannot be written: {e.Message}. Free space on the disk; services go on");
            }
        }
    }
}
