using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>How the kubelet asks a container, and what follows from that for how long it must drain.</summary>
internal sealed record PodProbes(JsonObject Startup, JsonObject Liveness, JsonObject Readiness)
{
    /// <summary>Missed in a row after which a replica gets nothing.</summary>
    private const int ReadinessFailures = 3;

    // Requests wait this long for a store that is started anew. An api that were taken away before would refuse them instead.
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(20);

    // The platform's readiness asks the stores for up to two seconds before it says no.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(3);

    // Endpoints, proxies on each node, and a balancer in front learn one after the other that a pod leaves.
    private static readonly TimeSpan Propagation = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Of a service of the platform, on its admin port.</summary>
    public static PodProbes OfService(ClusterSite site, bool needsStores = false) => Of(
        site, path => Get("admin", path),
        "/health/startup", "/health/live", "/health/ready",
        needsStores ? Math.Max(ReadinessFailures, (int)Math.Ceiling(StorePatience / Period(site.Site))) : ReadinessFailures);

    public static PodProbes OfHttp(ClusterSite site, string port, string alive, string ready) => Of(
        site, path => Get(port, path), alive, alive, ready);

    public static PodProbes OfSocket(ClusterSite site, string port, (string Port, string Path) ready) => new(
        Timed(site, Socket(port), (int)Math.Ceiling(site.Site.Probes.Start / Period(site.Site))),
        Timed(site, Socket(port), site.Site.Probes.Failures),
        Timed(site, Get(ready.Port, ready.Path), ReadinessFailures));

    public static PodProbes OfCommand(ClusterSite site, string[] alive, string[] ready) => Of(
        site, words => new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) } }, alive, alive, ready);

    /// <summary>How long a replica serves after the signal to stop: until nobody sends it anything any more.</summary>
    public static TimeSpan Drain(Site site)
    {
        var noticed = (Period(site) * ReadinessFailures) + Propagation;
        return site.Shutdown.Drain > noticed ? site.Shutdown.Drain : noticed;
    }

    /// <summary>Time from SIGTERM until SIGKILL: longer than the drain and the requests in flight together.</summary>
    public static TimeSpan Grace(Site site) => Drain(site) + site.Shutdown.Limit + Margin;

    /// <summary>Time after which a rollout that does not move has failed.</summary>
    public static TimeSpan ProgressDeadline(Site site) => site.Probes.Start + TimeSpan.FromMinutes(2);

    private static PodProbes Of<T>(ClusterSite site, Func<T, JsonObject> ask, T startup, T alive, T ready, int readinessFailures = ReadinessFailures)
    {
        var probes = site.Site.Probes;
        return new PodProbes(
            Timed(site, ask(startup), (int)Math.Ceiling(probes.Start / Period(site.Site))),
            Timed(site, ask(alive), probes.Failures),
            Timed(site, ask(ready), readinessFailures));
    }

    private static JsonObject Timed(ClusterSite site, JsonObject probe, int failures)
    {
        probe["periodSeconds"] = Quantity.WholeSeconds(Period(site.Site));
        probe["timeoutSeconds"] = Quantity.WholeSeconds(site.Site.Probes.Timeout > LongestAnswer ? site.Site.Probes.Timeout : LongestAnswer);
        probe["failureThreshold"] = failures;
        return probe;
    }

    private static JsonObject Get(string port, string path) => new() { ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = port, ["scheme"] = "HTTP" } };

    private static JsonObject Socket(string port) => new() { ["tcpSocket"] = new JsonObject { ["port"] = port } };

    // The cluster counts in whole seconds.
    private static TimeSpan Period(Site site) => TimeSpan.FromSeconds(Quantity.WholeSeconds(site.Probes.Interval));
}
