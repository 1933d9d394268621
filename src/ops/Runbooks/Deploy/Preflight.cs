using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What a deployment found when it looked.</summary>
/// <param name="Schema">The schemas that its release works with.</param>
/// <param name="Found">The schema as it is.</param>
internal sealed record Opened(IRoll Roll, SchemaRange Schema, SchemaState Found);

/// <summary>What must hold before anything is touched: everything that can be known beforehand is known before.</summary>
internal static class Preflight
{
    /// <summary>Gives the roll, which has found its site running and its stores ready.</summary>
    public static async Task<Opened> RequireAsync(DeployRequest request, TimeProvider time, CancellationToken cancellation)
    {
        if (File.Exists(MaintenanceMode.FileOf(request.State)))
        {
            throw new OperationError(ErrorKind.Refused, "maintenance is on: nobody could try the new release through the edge", "end it first: provost maintenance off");
        }
        RequireSpace(request.State, request.Installation.Sites[request.Site].Releases.Space);
        if (!ReleaseFolder.IsInstalled(request.State, request.Release))
        {
            throw new OperationError(ErrorKind.Refused, $"{request.Release} is not installed", "provost releases shows what is; provost up -d installs what it starts, provost release create what this checkout holds");
        }
        var manifest = await ReleaseManifest.OfAsync(request.State, request.Release, time, cancellation);
        var roll = await Rolls.OpenAsync(request, manifest, time, cancellation);
        try
        {
            var schema = await roll.SchemaAsync(SchemaTool.Look, cancellation);
            return SchemaTool.Refusal(manifest, schema) is { } refusal ? throw refusal : new Opened(roll, manifest.Schema, schema);
        }
        catch
        {
            await roll.DisposeAsync();
            throw;
        }
    }

    private static void RequireSpace(StateDirectory state, ByteSize needed)
    {
        var free = new DriveInfo(state.Root).AvailableFreeSpace;
        if (free < needed.Bytes)
        {
            throw new OperationError(ErrorKind.Machine, $"only {free >> 20} MiB are free where {state.Root} lies", $"free at least {needed.Bytes >> 20} MiB (releases.space in provost.yaml), then deploy again");
        }
    }

    public static OperationError StoreNotReady(ReplicaStatus store) => new(
        ErrorKind.NotReady, $"{store.Id} is not ready: {store.Problem}", $"a deployment needs its stores: provost logs {store.Service}; provost doctor");
}
