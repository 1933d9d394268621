using Provost.Agent.Control;
using Provost.Agent.Sockets;
using Provost.Rendering.Process;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Supervision;

/// <summary>What every runner of a site uses.</summary>
/// <param name="IsServiceReady">Whether some replica of a service is ready.</param>
/// <param name="Changed">Called after each start and end, so that the next agent can adopt what runs.</param>
internal sealed record RunnerContext(
    ListeningSockets Sockets, Prober Prober, Func<ProbeSpec> PresentProbes, Happenings Happenings, TimeProvider Time, Func<string, bool> IsServiceReady, Action Changed)
{
    public ProbeSpec Probes => PresentProbes();
}

/// <summary>Keeps one replica alive, from its first start until it is told to stop.</summary>
internal sealed class ReplicaRunner(ReplicaSpec spec, RunnerContext context)
{
    private const int ShownLines = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortTick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeWhileStarting = TimeSpan.FromMilliseconds(150);

    private readonly Lock gate = new();
    private readonly Backoff backoff = new();
    private ReplicaSpec spec = spec;
    private ChildProcess? child;
    private ReplicaSpecDigest startedWith;
    private IReadOnlyList<string> startedOn = [];
    private Phase phase = Phase.Waiting;
    private DateTimeOffset? startedAt;
    private long readySince;
    private bool ready;
    private bool wasReady;
    private bool crashLoop;
    private bool stopping;
    private bool restarting;
    private int restarts;
    private int missed;
    private string? problem;

    public string Id => spec.Id;

    public ReplicaSpec Spec => spec;

    public bool IsReady => ready;

    public bool WasReady => wasReady;

    /// <summary>Whether the running process was started with another specification than the present one, or serves sockets that are no longer the site's.</summary>
    public bool IsStale
    {
        get
        {
            // A start sets the process and what it was started with together: between the two it would look stale.
            lock (gate)
            {
                return child is not null && (startedWith != ReplicaDigest.Of(spec) || !startedOn.SequenceEqual(Addresses(spec)));
            }
        }
    }

    /// <summary>Notes that an adopted process serves the site's present sockets, or, when it does not, that it must be started anew.</summary>
    public void NoteSockets(bool arePresent)
    {
        lock (gate)
        {
            startedOn = arePresent ? Addresses(spec) : [];
        }
    }

    /// <summary>Takes up what needs no new start: probes, time to stop.</summary>
    public void Update(ReplicaSpec changed)
    {
        lock (gate)
        {
            spec = changed;
        }
    }

    public ReplicaStatus Status()
    {
        lock (gate)
        {
            var pid = child?.Identity.Pid;
            return new ReplicaStatus(
                spec.Id, spec.Service, pid, ready, restarts, pid is { } p ? ProcessTable.ResidentBytes(p) : 0, phase, startedAt, ready ? null : problem, crashLoop);
        }
    }

    public ChildState? State()
    {
        lock (gate)
        {
            return child is null ? null : new ChildState(spec.Id, child.Identity, restarts, startedAt ?? default, startedWith);
        }
    }

    public bool Adopt(ProcessIdentity identity, int earlierRestarts, DateTimeOffset since, ReplicaSpecDigest digest)
    {
        if (child is not null || ChildProcess.Adopt(identity) is not { } adopted)
        {
            return false;
        }
        (child, restarts, startedAt, startedWith, phase) = (adopted, earlierRestarts, since, digest, Phase.Running);
        context.Happenings.Report(Id, "adopted", $"process {identity.Pid} goes on");
        return true;
    }

    /// <summary>Runs until stopped; when cancelled, leaves the process to the next agent.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var delay = TimeSpan.Zero;
        await WaitForNeedsAsync(cancellation);
        while (!stopping)
        {
            if (child is null && !await StartAsync(delay, cancellation))
            {
                delay = backoff.AfterEnd(null);
                continue;
            }
            if (stopping && child is null)
            {
                break;
            }
            var end = await WatchAsync(cancellation);
            delay = Ended(end);
        }
        lock (gate)
        {
            phase = Phase.Stopped;
        }
    }

    /// <summary>Asks the process to end, and ends it when it does not.</summary>
    /// <param name="handOver">Another process accepts from the same socket: it need not wait for new connections.</param>
    public async Task StopAsync(CancellationToken cancellation, bool handOver = false)
    {
        lock (gate)
        {
            stopping = true;
            phase = child is null ? Phase.Stopped : Phase.Stopping;
        }
        await EndChildAsync("stopping", cancellation, handOver);
    }

    /// <summary>Starts the replica anew, with another specification when one is given; null when it is ready again, else why not.</summary>
    public async Task<string?> RestartAsync(ReplicaSpec? changed, CancellationToken cancellation)
    {
        lock (gate)
        {
            spec = changed ?? spec;
            restarting = child is not null;
            backoff.Forget();
        }
        await EndChildAsync("restarting", cancellation);
        var start = context.Time.GetTimestamp();
        while (context.Time.GetElapsedTime(start).TotalSeconds < context.Probes.StartSeconds)
        {
            if (ready && !restarting && !IsStale)
            {
                return null;
            }
            await Task.Delay(Tick, context.Time, cancellation);
        }
        return $"{Id} did not get ready within {context.Probes.StartSeconds:0} s: {problem}";
    }

    private string[] Addresses(ReplicaSpec of) => [.. of.Sockets.Select(context.Sockets.Address)];

    private async Task EndChildAsync(string kind, CancellationToken cancellation, bool handOver = false)
    {
        if (child is not { } ending)
        {
            return;
        }
        context.Happenings.Report(Id, kind, $"process {ending.Identity.Pid} is asked to end");
        if (!handOver || !await context.Prober.AskToHandOverAsync(spec.Probe.Port, cancellation))
        {
            ending.Signal(Native.Terminate);
        }
        var start = context.Time.GetTimestamp();
        while (ReferenceEquals(child, ending))
        {
            if (context.Time.GetElapsedTime(start).TotalSeconds > spec.StopSeconds)
            {
                context.Happenings.Report(Id, AgentEvent.Killed, $"was killed after {spec.StopSeconds:0} s: process {ending.Identity.Pid} did not end when it was told to");
                ending.Signal(Native.Kill);
                start = context.Time.GetTimestamp();
            }
            await Task.Delay(ShortTick, context.Time, cancellation);
        }
    }

    private async Task WaitForNeedsAsync(CancellationToken cancellation)
    {
        while (child is null && !stopping && spec.Needs.FirstOrDefault(need => !context.IsServiceReady(need)) is { } missing)
        {
            problem = $"waits for {missing}";
            await Task.Delay(ShortTick, context.Time, cancellation);
        }
    }

    private async Task<bool> StartAsync(TimeSpan delay, CancellationToken cancellation)
    {
        phase = delay > TimeSpan.Zero ? Phase.BackingOff : Phase.Starting;
        for (var start = context.Time.GetTimestamp(); context.Time.GetElapsedTime(start) < delay && !stopping;)
        {
            await Task.Delay(Tick, context.Time, cancellation);
        }
        lock (gate)
        {
            if (stopping)
            {
                return true;
            }
            try
            {
                child = ChildProcess.Start(spec, context.Sockets);
                if (context.IsServiceReady(spec.Service))
                {
                    child.LetOthersGoFirst();
                }
            }
            catch (OperationError e)
            {
                problem = $"{e.Message}. {e.Remedy}";
                context.Happenings.Report(Id, "ended", problem);
                return false;
            }
            startedOn = Addresses(spec);
            (startedAt, startedWith, phase, ready, wasReady, restarting, missed, problem) =
                (context.Time.GetUtcNow(), ReplicaDigest.Of(spec), Phase.Starting, false, false, false, 0, "has not answered yet");
        }
        context.Changed();
        context.Happenings.Report(Id, "started", $"process {child.Identity.Pid}");
        return true;
    }

    private async Task<string> WatchAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probing = ProbeAsync(child!, ended.Token);
        try
        {
            while (true)
            {
                if (child!.End() is { } end)
                {
                    return end;
                }
                await Task.Delay(wasReady ? Tick : ShortTick, context.Time, cancellation);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProbeAsync(ChildProcess probed, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await context.Prober.ProbeAsync(spec.Probe, cancellation);
            Note(result, probed);
            await Task.Delay(ready ? TimeSpan.FromSeconds(context.Probes.IntervalSeconds) : ProbeWhileStarting, context.Time, cancellation);
        }
    }

    private void Note(ProbeResult result, ChildProcess probed)
    {
        var before = ready;
        lock (gate)
        {
            (ready, problem) = (result.Ready, result.Answer);
            if (ready && !before)
            {
                (wasReady, phase, crashLoop, readySince) = (true, stopping ? Phase.Stopping : Phase.Running, false, context.Time.GetTimestamp());
            }
            missed = result.Live ? 0 : missed + 1;
        }
        if (ready && !before)
        {
            probed.TakeTurn();
        }
        if (ready != before)
        {
            context.Happenings.Report(Id, ready ? "ready" : "notReady", ready ? $"process {probed.Identity.Pid}" : result.Answer ?? "");
        }
        var isLate = wasReady || context.Time.GetUtcNow() - startedAt > TimeSpan.FromSeconds(context.Probes.StartSeconds);
        if (isLate && missed >= context.Probes.Failures && !stopping)
        {
            context.Happenings.Report(Id, "hung", $"{missed} probes in a row without an answer: process {probed.Identity.Pid} is killed. Last: {result.Answer}");
            probed.Signal(Native.Kill);
            missed = 0;
        }
    }

    private TimeSpan Ended(string end)
    {
        TimeSpan delay;
        lock (gate)
        {
            var served = wasReady ? context.Time.GetElapsedTime(readySince) : (TimeSpan?)null;
            delay = stopping || restarting ? TimeSpan.Zero : backoff.AfterEnd(served);
            restarts += stopping || restarting ? 0 : 1;
            (child, ready, problem) = (null, false, end);
            crashLoop = !stopping && !restarting && backoff.IsCrashLoop;
            phase = stopping ? Phase.Stopped : delay > TimeSpan.Zero ? Phase.BackingOff : Phase.Starting;
        }
        context.Changed();
        context.Happenings.Report(Id, stopping ? "stopped" : "ended", delay > TimeSpan.Zero ? $"{end}; next start in {delay.TotalSeconds:0.#} s" : end);
        if (crashLoop)
        {
            var lines = LogTail.Last(spec.LogFile, ShownLines);
            context.Happenings.Report(Id, "crashLoop", $"{end}, again and again shortly after its start. Last log lines:\n{string.Join('\n', lines)}");
        }
        return delay;
    }
}
