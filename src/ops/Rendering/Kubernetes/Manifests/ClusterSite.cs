using System.Text.Json.Nodes;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>What the objects of one site are made from.</summary>
/// <param name="Release">Version of the images, unless provost.yaml names one.</param>
public sealed record ClusterSite(Installation Installation, string SiteName, string Release)
{
    private const string VersionLabel = "app.kubernetes.io/version";

    /// <summary>The text of provost.yaml, for the tool where it runs inside of the cluster.</summary>
    public string Configuration { get; init; } = "";

    public Site Site => Installation.Sites[SiteName];

    public Cluster Cluster => Site.Kubernetes;

    public string Namespace => Cluster.Namespace ?? Installation.Name;

    public string Version => Cluster.Images.Release ?? Release;

    /// <summary>What the names of the images start with.</summary>
    public string Registry => Cluster.Images.Registry ?? Installation.Registry.Images() ?? "provost";

    public string Image(string name) => $"{Registry}/{name}:{Version}";

    /// <summary>Image of the embedded stores, whose version may be pinned: a release that leaves it alone leaves them running.</summary>
    public string StoresImage => $"{Registry}/stores:{Cluster.Images.Stores ?? Version}";

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
        [VersionLabel] = Version,
    };

    /// <summary>Labels of the pods of a component. Those of a store do not name the release: it would start them anew with each one.</summary>
    public JsonObject PodLabels(string component)
    {
        var labels = Labels(component);
        if (Components.IsStore(component))
        {
            labels.Remove(VersionLabel);
        }
        return labels;
    }

    /// <summary>Labels by which pods are found: they never change, for a selector cannot.</summary>
    public JsonObject Selector(string component) => new()
    {
        ["app.kubernetes.io/name"] = component,
        ["app.kubernetes.io/instance"] = Installation.Name,
    };
}
