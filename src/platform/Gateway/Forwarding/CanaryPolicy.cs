using System.Globalization;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Provost.Gateway.Forwarding;

/// <summary>Gives the canary's replicas their share of the requests, exactly, and the others the rest; the least busy of each.</summary>
internal sealed class CanaryPolicy : ILoadBalancingPolicy
{
    public const string PolicyName = "Canary";

    private const string Percent = "percent";
    // Coprime with 100, so that a share is spread evenly and not taken in one run.
    private const int Stride = 37;

    private int turn;

    public string Name => PolicyName;

    public static IReadOnlyDictionary<string, string> Share(int percent) =>
        new Dictionary<string, string> { [Percent] = percent.ToString(CultureInfo.InvariantCulture) };

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var canaries = availableDestinations.Where(destination => ShareOf(destination) > 0).ToList();
        var others = availableDestinations.Where(destination => ShareOf(destination) == 0).ToList();
        if (canaries.Count == 0 || others.Count == 0)
        {
            return LeastBusy(availableDestinations);
        }

        var number = (int)((uint)Interlocked.Increment(ref turn) * Stride % 100);
        return LeastBusy(number < ShareOf(canaries[0]) ? canaries : others);
    }

    private DestinationState? LeastBusy(IReadOnlyList<DestinationState> destinations) => destinations.Count == 0 ? null
        : destinations.Index().MinBy(item => (item.Item.ConcurrentRequestCount, (item.Index + turn) % destinations.Count)).Item;

    private static int ShareOf(DestinationState destination) =>
        destination.Model.Config.Metadata?.GetValueOrDefault(Percent) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
}
