using System.Text.Json.Nodes;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>What the objects of one site are made from.</summary>
/// <param name="Release">Version of the images, unless provost.yaml names one.</param>
public sealed record ClusterSite(Installation Installation, string SiteName, string Release)
{
    public Site Site => Installation.Sites[SiteName];

    public Cluster Cluster => Site.Kubernetes;

    public string Namespace => Cluster.Namespace ?? Installation.Name;

    public string Version => Cluster.Images.Release ?? Release;

    public string Image(string name) => $"{Cluster.Images.Registry}/{name}:{Version}";

    public JsonObject Metadata(string name, string component, JsonObject? annotations = null) => new()
    {
        ["name"] = name,
        ["namespace"] = Namespace,
        ["labels"] = Labels(component),
        ["annotations"] = annotations,
    };

    /// <summary>An object of the whole cluster.</summary>
    public JsonObject ClusterMetadata(string name, string component) => new() { ["name"] = name, ["labels"] = Labels(component) };

    /// <summary>The recommended labels.</summary>
    public JsonObject Labels(string component) => new()
    {
        ["app.kubernetes.io/name"] = component,
        ["app.kubernetes.io/instance"] = Installation.Name,
        ["app.kubernetes.io/component"] = Components.KindOf(component),
        ["app.kubernetes.io/part-of"] = "provost",
        ["app.kubernetes.io/managed-by"] = "provost",
        ["app.kubernetes.io/version"] = Version,
    };

    /// <summary>Labels by which pods are found: they never change, for a selector cannot.</summary>
    public JsonObject Selector(string component) => new()
    {
        ["app.kubernetes.io/name"] = component,
        ["app.kubernetes.io/instance"] = Installation.Name,
    };
}
