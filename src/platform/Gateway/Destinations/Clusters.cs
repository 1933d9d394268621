using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace Provost.Gateway.Destinations;

/// <summary>The clusters and routes for a set of addresses.</summary>
internal static class Clusters
{
    public const string Api = "api", Web = "web";

    public static readonly RouteConfig[] Routes =
    [
        new() { RouteId = "api", ClusterId = Api, Match = new() { Path = "/api/{**rest}" }, Order = 1 },
        new() { RouteId = "live", ClusterId = Api, Match = new() { Path = "/live/{**rest}" }, Order = 1 },
        new() { RouteId = "web", ClusterId = Web, Match = new() { Path = "/{**rest}" }, Order = 2 },
    ];

    public static ClusterConfig Cluster(string id, IEnumerable<string> addresses, IReadOnlyList<string> canary, int percent, GatewayOptions options) => new()
    {
        ClusterId = id,
        LoadBalancingPolicy = canary.Count == 0 ? LoadBalancingPolicies.PowerOfTwoChoices : Forwarding.CanaryPolicy.PolicyName,
        Destinations = addresses.Except(canary).Select(address => new DestinationConfig { Address = address, Health = Health(address, options.HealthPort) })
            .Concat(canary.Select(address => new DestinationConfig { Address = address, Health = Health(address, options.HealthPort), Metadata = Forwarding.CanaryPolicy.Share(percent) }))
            .ToDictionary(destination => destination.Address, StringComparer.Ordinal),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(options.IdleSeconds) },
        HealthCheck = new HealthCheckConfig
        {
            // When every replica looks ill, trying one is better than refusing.
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(2),
                Path = "/health/ready",
                Policy = Forwarding.ProbePolicy.PolicyName,
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = Forwarding.RefusalPolicy.PolicyName,
                ReactivationPeriod = TimeSpan.FromSeconds(2),
            },
        },
    };

    // In a container health has a port of its own, which no request of the public reaches.
    private static string? Health(string address, int port) => port == 0 ? null : new UriBuilder(address) { Port = port }.Uri.ToString();
}
