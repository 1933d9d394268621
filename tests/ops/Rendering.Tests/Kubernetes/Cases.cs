using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>Sites that every rule holds for: the committed examples, and one for each choice that they leave out.</summary>
internal static class Cases
{
    public static readonly string[] Examples = ["small", "production"];

    private static readonly Dictionary<string, string> Variants = new()
    {
        ["bare"] = "target: kubernetes",
        ["external"] = """
            target: kubernetes
            domain: insights.example.edu
            backup:
              destinations:
                near: { directory: backups }
                far: { bucket: provost-backups, endpoint: "https://s3.example.edu:9000" }
                aws: { bucket: provost-backups }
            kubernetes:
              edge: { kind: httpRoute, gateway: public, gatewayNamespace: edge, controllerNamespace: edge }
              tls: { source: controller }
              secrets: { source: externalSecrets, store: campus }
              redis: { mode: external, endpoint: "redis.example.edu:6380" }
              clickHouse: { mode: external, endpoint: "https://clickhouse.example.edu:8443", cluster: main }
            """,
        ["vault"] = """
            target: kubernetes
            kubernetes:
              namespace: insights
              edge: { service: nodePort }
              secrets: { source: vault, path: secret/data/provost }
            """,
        ["authority"] = """
            target: kubernetes
            domain: insights.example.edu
            kubernetes:
              edge: { service: loadBalancer }
              tls: { source: authority }
              images: { pullSecret: registry }
            """,
        ["supplied"] = """
            target: kubernetes
            backup: { schedule: { enabled: false, daily: "23:15" } }
            domain: insights.example.edu
            kubernetes:
              edge: { kind: ingress }
              tls: { source: secret, secret: campus-certificate }
              backup: { volume: 100GiB, storageClass: slow }
              clickHouse: { mode: replicated }
            """,
    };

    public static TheoryData<string> Names { get; } = [.. Examples.Concat(Variants.Keys)];

    public static ClusterSite Site(string name)
    {
        var text = Variants.TryGetValue(name, out var site)
            ? "sites:\n  campus:\n" + string.Join('\n', site.Split('\n').Select(line => "    " + line))
            : File.ReadAllText(Path.Combine(Golden.Root, "deploy/examples", name, "provost.yaml"));
        var file = TopologyFile.Read(text, "provost.yaml");
        Assert.True(file.Problems.Count == 0, string.Join('\n', file.Problems));
        return new ClusterSite(file.Installation!, "campus", "0.1.0") { Configuration = text };
    }

    public static IReadOnlyList<Manifest> Manifests(string name) => Rendering.Kubernetes.KubernetesRenderer.Manifests(Site(name));
}
