using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Network;

/// <summary>Nothing may talk to anything, and then for each component exactly the declared edges.</summary>
internal static class NetworkPolicies
{
    private const string NodeCache = "169.254.20.10/32";

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var edges = DeclaredEdges.Of(site);
        yield return Policy(site, "default-deny", Components.Site, new JsonObject
        {
            ["podSelector"] = new JsonObject(),
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
        });
        foreach (var component in Components.Of(site.Site))
        {
            var peer = new Peer.Component(component);
            var incoming = Rules(site, edges.Where(e => e.To == peer), e => e.From, "from");
            var outgoing = Rules(site, edges.Where(e => e.From == peer), e => e.To, "to");
            yield return Policy(site, component, component, new JsonObject
            {
                ["podSelector"] = new JsonObject { ["matchLabels"] = site.Selector(component) },
                ["policyTypes"] = new JsonArray("Ingress", "Egress"),
                ["ingress"] = incoming.Count > 0 ? incoming : null,
                ["egress"] = outgoing.Count > 0 ? outgoing : null,
            });
        }
        foreach (var policy in Solver(site))
        {
            yield return policy;
        }
    }

    // cert-manager proves the domain by a pod of its own making in this namespace, which the controller must reach.
    private static IEnumerable<Manifest> Solver(ClusterSite site) => site.Cluster.Tls.Source is not Topology.Model.TlsSource.CertManager ? [] :
    [
        Policy(site, "acme-solver", Components.Site, new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["acme.cert-manager.io/http01-solver"] = "true" } },
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["from"] = Selectors(site, DeclaredEdges.People(site)),
                ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "TCP", ["port"] = Ports.AcmeSolver }),
            }),
        }),
    ];

    // One rule for each peer, with all its ports.
    private static JsonArray Rules(ClusterSite site, IEnumerable<Edge> edges, Func<Edge, Peer> other, string side) => new(
        [.. edges.GroupBy(other).Select(group => (JsonNode)new JsonObject
        {
            [side] = Selectors(site, group.Key),
            ["ports"] = new JsonArray([.. group.Select(edge => (JsonNode)new JsonObject { ["protocol"] = edge.Udp ? "UDP" : "TCP", ["port"] = edge.Port })]),
        })]);

    // No selector at all means everybody.
    private static JsonArray? Selectors(ClusterSite site, Peer peer) => peer switch
    {
        Peer.Component(var name) => [new JsonObject { ["podSelector"] = new JsonObject { ["matchLabels"] = site.Selector(name) } }],
        Peer.Namespace(var name) => [new JsonObject { ["namespaceSelector"] = NamespaceNamed(name) }],
        Peer.NameServer =>
        [
            new JsonObject
            {
                ["namespaceSelector"] = NamespaceNamed("kube-system"),
                ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["k8s-app"] = "kube-dns" } },
            },
            new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = NodeCache } },
        ],
        _ => null,
    };

    private static JsonObject NamespaceNamed(string name) => new() { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } };

    private static Manifest Policy(ClusterSite site, string name, string component, JsonObject spec) => new(new JsonObject
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "NetworkPolicy",
        ["metadata"] = site.Metadata(name, component),
        ["spec"] = spec,
    });
}
