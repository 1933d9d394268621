using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>
/// Who reaches whom according to network policies alone, as a cluster reads them: a connection needs to be let out by the one and
/// let in by the other; who is chosen by no policy is open.
/// </summary>
internal static class Reachability
{
    private static readonly int[] Ports = [53, 80, 443, 4317, 6379, 6380, 6443, 8080, 8081, 8123, 8200, 8443, 9000, 9009, 9181, 9182, 9234, 9363, 16443, 26379, 31337];

    private static readonly string[] Directions = ["Egress", "Ingress"];

    /// <summary>Somebody in the matrix: a component's pods, a namespace of others, the name server, or an address outside.</summary>
    private sealed record Place(Peer Peer, JsonObject? Labels, string? Namespace);

    public static SortedSet<string> Of(ClusterSite site, IReadOnlyList<Manifest> manifests)
    {
        var policies = manifests.Where(m => m.Kind == "NetworkPolicy").Select(m => m.Body["spec"]!.AsObject()).ToList();
        var places = Places(site).ToList();
        var chosen = places.SelectMany(place => Directions.Select(direction => (place, direction))).ToDictionary(key => key, key => Chosen(policies, site, key.place, key.direction));
        return [.. from one in places from other in places where one != other || one.Labels is not null
                   from port in Ports from udp in new[] { false, true }
                   where IsOurs(one, site) || IsOurs(other, site)
                   where Lets(chosen[(one, "Egress")], site, other, "Egress", port, udp) && Lets(chosen[(other, "Ingress")], site, one, "Ingress", port, udp)
                   select new Edge(one.Peer, other.Peer, port, udp).ToString()];
    }

    /// <summary>The same, as it is declared. An edge to or from anywhere is one to or from every place.</summary>
    public static SortedSet<string> Declared(ClusterSite site)
    {
        var places = Places(site).Select(p => p.Peer).ToList();
        return [.. from edge in DeclaredEdges.Of(site)
                   from one in edge.From is Peer.Anywhere ? places : [edge.From]
                   from other in edge.To is Peer.Anywhere ? places : [edge.To]
                   where IsAllowedBothWays(site, one, other, edge)
                   select new Edge(one, other, edge.Port, edge.Udp).ToString()];
    }

    // "Anywhere" on one side does not open the other side's door.
    private static bool IsAllowedBothWays(ClusterSite site, Peer one, Peer other, Edge edge)
    {
        var edges = DeclaredEdges.Of(site).Where(e => e.Port == edge.Port && e.Udp == edge.Udp).ToList();
        return (one is not Peer.Component || edges.Any(e => e.From == one && (e.To == other || e.To is Peer.Anywhere)))
            && (other is not Peer.Component || edges.Any(e => e.To == other && (e.From == one || e.From is Peer.Anywhere)));
    }

    private static bool IsOurs(Place place, ClusterSite site) => place.Namespace == site.Namespace;

    private static IEnumerable<Place> Places(ClusterSite site)
    {
        foreach (var component in Components.Of(site.Site))
        {
            yield return new Place(new Peer.Component(component), site.Selector(component), site.Namespace);
        }
        foreach (var name in DeclaredEdges.Of(site).SelectMany(e => new[] { e.From, e.To }).OfType<Peer.Namespace>().Select(n => n.Name).Append("strangers").Distinct())
        {
            yield return new Place(new Peer.Namespace(name), [], name);
        }
        yield return new Place(new Peer.NameServer(), new JsonObject { ["k8s-app"] = "kube-dns" }, "kube-system");
        yield return new Place(new Peer.Anywhere(), null, null);
    }

    private static List<JsonObject> Chosen(List<JsonObject> policies, ClusterSite site, Place owner, string direction) =>
        [.. policies.Where(p => IsOurs(owner, site) && Matches(p["podSelector"]!, owner.Labels!) && Types(p).Contains(direction))];

    private static bool Lets(List<JsonObject> chosen, ClusterSite site, Place other, string direction, int port, bool udp) =>
        chosen.Count == 0 || chosen.Any(p => (p[direction == "Egress" ? "egress" : "ingress"] as JsonArray ?? [])
            .Any(rule => LetsPort(rule!, port, udp) && LetsPeer(rule![direction == "Egress" ? "to" : "from"] as JsonArray, site, other)));

    // Without policyTypes a policy is about what comes in, and about what goes out only when it says so.
    private static IEnumerable<string> Types(JsonObject policy) => policy["policyTypes"] is JsonArray types ? types.Select(t => (string)t!) : policy["egress"] is null ? ["Ingress"] : ["Ingress", "Egress"];

    private static bool LetsPort(JsonNode rule, int port, bool udp) => rule["ports"] is not JsonArray ports
        || ports.Any(p => ((string?)p!["protocol"] ?? "TCP") == (udp ? "UDP" : "TCP") && (p["port"] is null || (int)p["port"]! == port));

    private static bool LetsPeer(JsonArray? peers, ClusterSite site, Place other) => peers is null or { Count: 0 } || peers.Any(peer =>
        peer!["ipBlock"] is { } block ? other.Namespace is null && (string?)block["cidr"] == "0.0.0.0/0"
        : other.Namespace is not null
            && (peer["namespaceSelector"] is { } spaces ? Matches(spaces, new JsonObject { ["kubernetes.io/metadata.name"] = other.Namespace }) : IsOurs(other, site))
            && (peer["podSelector"] is not { } pods || Matches(pods, other.Labels!)));

    private static bool Matches(JsonNode selector, JsonObject labels) =>
        (selector["matchLabels"] as JsonObject ?? []).All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value);
}
