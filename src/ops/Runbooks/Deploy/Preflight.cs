using Provost.Rendering.Process;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Deploy;

/// <summary>What must hold before anything is touched: everything that can be known beforehand is known before.</summary>
internal static class Preflight
{
    private const long NeededMegabytes = 256;

    public static async Task RequireAsync(DeployRequest request, SiteSpec old, ReleaseManifest manifest, AgentClient agent, CancellationToken cancellation)
    {
        var status = await agent.StatusAsync(cancellation) ?? throw new OperationError(ErrorKind.NotRunning, "no agent answers", "bring the installation up first: provost up -d");
        if (status.Replicas.FirstOrDefault(r => old.Replicas.Any(o => o.Id == r.Id && SiteRendering.IsStore(o)) && !r.Ready) is { } store)
        {
            throw new OperationError(ErrorKind.NotReady, $"{store.Id} is not ready: {store.Problem}", $"a deployment needs its stores: provost logs {store.Service}; provost doctor");
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
