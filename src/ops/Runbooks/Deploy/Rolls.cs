using Provost.Runbooks.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What every roll does alike.</summary>
internal static class Rolls
{
    public static async Task<IRoll> OpenAsync(DeployRequest request, ReleaseManifest manifest, TimeProvider time, CancellationToken cancellation) =>
        request.Installation.Sites[request.Site].Target is Target.Compose
            ? await ContainerRoll.OpenAsync(request, manifest, time, cancellation)
            : await ProcessRoll.OpenAsync(request, manifest, time, cancellation);

    /// <summary>Returns when every gateway sends new requests to the new replicas only.</summary>
    public static Task SwitchAsync(this IRoll roll, CancellationToken cancellation) => GatewayClient.SetAsync(roll.OldGateways, roll.NewDestinations, cancellation);

    /// <summary>Every gateway that still answers sends new requests to the old replicas again.</summary>
    /// <returns>What was undone, in words.</returns>
    public static async Task<string> SwitchBackAsync(this IRoll roll, CancellationToken cancellation)
    {
        foreach (var gateway in roll.OldGateways.Concat(roll.NewGateways))
        {
            if (await GatewayClient.ReportAsync(gateway, cancellation) is not null)
            {
                await GatewayClient.SetAsync([gateway], roll.OldDestinations, cancellation);
            }
        }
        return "the gateways send everything to the old replicas";
    }
}
