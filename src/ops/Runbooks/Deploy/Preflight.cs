using Provost.Rendering.Process;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Deploy;

/// <summary>What must hold before anything is touched: everything that can be known beforehand is known before.</summary>
internal static class Preflight
{
    private const long NeededMegabytes = 256;

    public static async Task RequireAsync(DeployRequest request, SiteSpec old, ReleaseManifest manifest, AgentClient agent, TimeProvider time, CancellationToken cancellation)
    {
        if (await agent.StatusAsync(cancellation) is null && SiteStop.LivingChildren(request.State).Count > 0)
        {
            await AgentStarter.StartAsync(request.State, request.Tool, time, cancellation);
        }
        var status = await agent.StatusAsync(cancellation) ?? throw new OperationError(ErrorKind.NotRunning, "the installation does not run", "start it with: provost up -d");
        if (status.Replicas.FirstOrDefault(r => old.Replicas.Any(o => o.Id == r.Id && SiteRendering.IsStore(o)) && !r.Ready) is { } store)
        {
            throw new OperationError(ErrorKind.NotReady, $"{store.Id} is not ready: {store.Problem}", $"a deployment needs its stores: provost logs {store.Service}; provost doctor");
        }
        if (File.Exists(MaintenanceMode.FileOf(request.State)))
        {
            throw new OperationError(ErrorKind.Refused, "maintenance is on: nobody could try the new release through the edge", "end it first: provost maintenance off");
        }
        var free = new DriveInfo(request.State.Root).AvailableFreeSpace >> 20;
        if (free < NeededMegabytes)
        {
            throw new OperationError(ErrorKind.Machine, $"only {free} MiB are free where {request.State.Root} lies", $"free at least {NeededMegabytes} MiB, then deploy again");
        }
        if (SchemaTool.Refusal(manifest, await new SchemaTool(request.State, old).LookAsync(request.Release, cancellation)) is { } refusal)
        {
            throw refusal;
        }
    }
}
