using System.Net;
using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Provost.Gateway.Forwarding;

/// <summary>
/// A replica that says it is not ready, or refuses the connection, gets nothing from the first probe on. One that is only
/// slow to answer must be so three times: a busy machine is no reason to lose half of it.
/// </summary>
internal sealed class ProbePolicy(IDestinationHealthUpdater updater) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "Probe";

    private const int SlowProbesAllowed = 2;

    private readonly ConditionalWeakTable<DestinationState, StrongBox<int>> slow = [];

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) =>
        updater.SetActive(cluster, [.. probingResults.Select(result => new NewActiveDestinationHealth(result.Destination, Judge(result)))]);

    private DestinationHealth Judge(DestinationProbingResult result)
    {
        var slowProbes = slow.GetOrCreateValue(result.Destination);
        // No health on this listener (404): whoever answers is alive.
        if (result.Response is { } response && (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound))
        {
            slowProbes.Value = 0;
            return DestinationHealth.Healthy;
        }

        if (result.Response is null && result.Exception is OperationCanceledException && ++slowProbes.Value <= SlowProbesAllowed)
        {
            return result.Destination.Health.Active;
        }

        return DestinationHealth.Unhealthy;
    }
}
