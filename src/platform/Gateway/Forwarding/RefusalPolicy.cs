using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Provost.Gateway.Forwarding;

/// <summary>A replica that could not be reached by a request gets nothing for two seconds; the probes decide from then on.</summary>
internal sealed class RefusalPolicy(IDestinationHealthUpdater updater) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Refusal";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request } && !context.RequestAborted.IsCancellationRequested)
        {
            updater.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Rest);
        }
    }
}
