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

    public async Task<DeployReport> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var stages = new Stages([.. Planned.Where(p => IsWanted(p.Name))], progress, time);
        IRoll? opened = null;
        await stages.RunAsync("preflight", async _ => opened = await Preflight.RequireAsync(request, time, cancellation));
        await using var roll = opened!;
        using var reserve = SpaceReserve.Take(request.State.Root);
        await using var watch = new EdgeWatch(roll.Door, roll.OldGateways, time);
        var (sessions, isBegun) = (0, false);
        OperationError? failure = null;
        IReadOnlyList<string> undone = [];
        try
        {
            await PrepareAsync(stages, roll, cancellation);
            isBegun = true;
            roll.Begin();
            await RollAsync(stages, roll, watch, cancellation);
            roll.Commit();
        }
        catch (Exception e) when (e is OperationError or OperationCanceledException or IOException or HttpRequestException or UnauthorizedAccessException)
        {
            failure = Explain(e, stages.Current);
            reserve.Release();
            undone = isBegun ? await roll.ReturnAsync(StartLimit, CancellationToken.None) : [];
        }
        if (failure is null)
        {
            sessions = await GatewayClient.LiveSessionsAsync(roll.OldGateways, CancellationToken.None);
            await FinishAsync(stages, roll, CancellationToken.None);
        }
        roll.End();
        return new DeployReport(
            request.Release, roll.From, Math.Round(time.GetElapsedTime(start).TotalSeconds, 2), stages.Done, watch.Requests, watch.Failed,
            Math.Round(watch.LongestGap.TotalMilliseconds, 1), sessions, failure is not null, failure?.Message, failure?.Remedy, failure?.Details ?? [], undone, roll.Notes);
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

    private async Task PrepareAsync(Stages stages, IRoll roll, CancellationToken cancellation)
    {
        if (request.Backup is { } backup)
        {
            await stages.RunAsync("backup", async say => say(await backup(cancellation)));
        }
        await stages.RunAsync("migrate", async say => say($"schema {(await roll.SchemaAsync(SchemaTool.Expand, cancellation)).Version}"));
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

    // The new release serves: from here on there is no way back but a rollback, so nothing interrupts it.
    private async Task FinishAsync(Stages stages, IRoll roll, CancellationToken cancellation)
    {
        await stages.RunAsync("drain", _ => roll.StopOldAsync(request.Drain, cancellation));
        if (request.Contract)
        {
            await stages.RunAsync("contract", async say =>
            {
                var schema = await roll.SchemaAsync(SchemaTool.Contract, cancellation);
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
