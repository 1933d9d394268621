using Provost.Runbooks.Plans;
using Provost.Runbooks.Tools;

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

    private readonly DeployHistory history = new(request.State, time);

    /// <summary>Refuses before anything was begun; from then on whatever happens is told by the report and noted in the ledger.</summary>
    public Task<DeployReport> RunAsync(CancellationToken cancellation) => RunAsync(() => Preflight.RequireAsync(request, time, cancellation), cancellation);

    internal async Task<DeployReport> RunAsync(Func<Task<Opened>> open, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var stages = new Stages([.. Planned.Where(p => IsWanted(p.Name))], progress, time, request.Fence);
        Opened? opened = null;
        await stages.RunAsync("preflight", async _ => opened = await open());
        await using var roll = opened!.Roll;
        using var reserve = SpaceReserve.Take(request.State.Root);
        await using var watch = new EdgeWatch(roll.Door, roll.OldGateways, time);
        var note = new DeployNote(request.Verb, request.Release, roll.From, request.Configuration, time.GetUtcNow(), Committed: false);
        var failure = await AdvanceAsync(stages, opened, watch, note, cancellation);
        reserve.Release();
        var end = failure is null ? await FinishAsync(stages, roll) : await ReturnAsync(failure, roll, note);
        var report = new DeployReport(
            request.Release, roll.From, Math.Round(time.GetElapsedTime(start).TotalSeconds, 2), stages.Done, watch.Requests, watch.Failed,
            Math.Round(watch.LongestGap.TotalMilliseconds, 1), end.Sessions, failure is not null, end.Failure?.Message, end.Failure?.Remedy, end.Failure?.Details ?? [],
            end.Undone, [.. roll.Notes, .. end.Notes, .. watch.Problems]);
        return Noted(report);
    }

    // A ledger that cannot be written must not cost the report: the note stays, and the next command puts the line in.
    private DeployReport Noted(DeployReport report)
    {
        try
        {
            history.Note(request, report);
            DeployNote.Remove(request.State);
            return report;
        }
        catch (Exception e) when (e is OperationError or IOException or UnauthorizedAccessException)
        {
            var later = DeployNote.Read(request.State) is null ? "nothing went live" : "the next provost deploy, rollback or up puts it in";
            return report with { Notes = [.. report.Notes, $"the ledger does not have it: {e.Message}; {later}"] };
        }
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

    private async Task PrepareAsync(Stages stages, Opened opened, CancellationToken cancellation)
    {
        if (request.Backup is { } backup)
        {
            await stages.RunAsync("backup", async say => say(await backup(cancellation)));
        }
        await stages.RunAsync("migrate", async say =>
        {
            // Nobody else changes it meanwhile, and to start the release's program once more takes longer than the switch.
            var schema = opened.Found.IsExpanded ? opened.Found : await opened.Roll.SchemaAsync(SchemaTool.Expand, cancellation);
            say(opened.Found.IsExpanded ? $"schema {schema.Version}: nothing to expand" : $"schema {schema.Version}");
            if (SchemaTool.Behind(request.Release, opened.Schema, schema) is { } refusal)
            {
                throw refusal;
            }
        });
    }

    private async Task RollAsync(Stages stages, IRoll roll, EdgeWatch watch, CancellationToken cancellation)
    {
        var smoke = new Smoke(roll.Door, roll.To, time);
        if (request.Stores)
        {
            await stages.RunAsync("stores", _ => roll.RenewStoresAsync(StartLimit, cancellation));
        }
        await stages.RunAsync("start", _ => roll.StartBesideAsync(StartLimit, cancellation));
        if (request.Canary is { } percent)
        {
            var comparison = new CanaryComparison(roll.OldGateways, roll.OldDestinations, roll.NewDestinations, time);
            await stages.RunAsync("canary", async say => say(await comparison.RunAsync(percent, request.CanaryTime, cancellation)));
        }
        await stages.RunAsync("switch", _ => roll.SwitchAsync(cancellation));
        await stages.RunAsync("smoke", _ => smoke.RequireAsync(cancellation));
        await stages.RunAsync("gateways", async _ =>
        {
            await roll.StartGatewaysAsync(StartLimit, cancellation);
            watch.Add(roll.NewGateways);
            await smoke.RequireAsync(cancellation);
        });
    }

    /// <returns>Why the new release does not serve; null when it does.</returns>
    private async Task<OperationError?> AdvanceAsync(Stages stages, Opened opened, EdgeWatch watch, DeployNote note, CancellationToken cancellation)
    {
        var roll = opened.Roll;
        try
        {
            await PrepareAsync(stages, opened, cancellation);
            note.Write(request.State);
            roll.Begin();
            await RollAsync(stages, roll, watch, cancellation);
            roll.Commit();
        }
        catch (Exception e)
        {
            MustBeAlone();
            return Explain(e, stages.Current, cancellation);
        }
        try
        {
            (note with { Committed = true }).Write(request.State);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the roll itself keeps says the same.
        }
        return null;
    }

    // The old replicas never stopped. What cannot be taken back now is settled by whoever comes next: then the roll is not at its end.
    private async Task<DeployEnd> ReturnAsync(OperationError failure, IRoll roll, DeployNote note)
    {
        List<string> undone = [];
        if (!DeployNote.IsUnderWay(request.State, note))
        {
            return new DeployEnd(failure, undone, 0, []);
        }
        try
        {
            await roll.ReturnAsync(StartLimit, undone.Add, CancellationToken.None);
            roll.End();
        }
        catch (Exception e)
        {
            MustBeAlone();
            undone.Add($"not all of it: {e.Message}. The next provost deploy, rollback or up takes back the rest");
            failure = new OperationError(failure.Kind, failure.Message, failure.Remedy, [.. failure.Details, .. e is OperationError error ? error.Details : []], failure);
        }
        return new DeployEnd(failure, undone, 0, []);
    }

    // The new release serves: from here on there is no way back but a rollback, so nothing interrupts it.
    private async Task<DeployEnd> FinishAsync(Stages stages, IRoll roll)
    {
        var sessions = 0;
        List<string> notes = [];
        try
        {
            sessions = await GatewayClient.LiveSessionsAsync(roll.OldGateways, CancellationToken.None);
            await stages.RunAsync("drain", say => roll.StopOldAsync(request.Drain, line => { say(line); notes.Add(line); }, CancellationToken.None));
            roll.End();
            if (request.Contract)
            {
                await stages.RunAsync("contract", say => ContractAsync(roll, say));
            }
            return new DeployEnd(null, [], sessions, notes);
        }
        catch (Exception e)
        {
            MustBeAlone();
            return new DeployEnd(Unfinished(Explain(e, stages.Current, CancellationToken.None), stages.Current), [], sessions, notes);
        }
    }

    private static async Task ContractAsync(IRoll roll, Action<string> say)
    {
        var schema = await roll.SchemaAsync(SchemaTool.Contract, CancellationToken.None);
        say(schema.Contracts.Count == 0 ? "nothing to remove" : string.Join(", ", schema.Contracts));
    }

    // Whoever took the lock meanwhile settles what was begun: two must not.
    private void MustBeAlone()
    {
        if (request.Fence?.Invoke() is { } lost)
        {
            throw lost;
        }
    }

    private static OperationError Unfinished(OperationError error, string stage) => new(
        error.Kind, $"the new release serves, but the stage \"{stage}\" failed: {error.Message}",
        stage == "contract" ? "correct that, then contract the schema: provost deploy --contract" : "the next provost deploy, rollback or up stops what is left of the old release",
        error.Details, error);

    private static OperationError Explain(Exception e, string stage, CancellationToken cancellation) => e switch
    {
        OperationError error => error,
        OperationCanceledException when cancellation.IsCancellationRequested => new OperationError(ErrorKind.Failed, $"interrupted in the stage \"{stage}\"", "deploy again", cause: e),
        IOException or UnauthorizedAccessException => Failed("free space on the disk and check its rights, then deploy again", e, stage),
        _ => Failed("provost doctor checks the machine and the installation; then deploy again", e, stage),
    };

    private static OperationError Failed(string remedy, Exception e, string stage) => new(ErrorKind.Failed, $"the stage \"{stage}\" failed: {e.Message}", remedy, cause: e);
}

/// <summary>How a deployment ended.</summary>
/// <param name="Failure">What went wrong, also when the new release serves nevertheless; null when nothing did.</param>
internal sealed record DeployEnd(OperationError? Failure, IReadOnlyList<string> Undone, int Sessions, IReadOnlyList<string> Notes);
