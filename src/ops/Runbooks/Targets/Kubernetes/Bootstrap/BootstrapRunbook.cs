using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Namespaces;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Kubernetes.Bootstrap;

/// <summary>provost cluster bootstrap: whether a cluster has what a site needs, and how to add what it lacks. Nothing is changed.</summary>
public sealed partial class BootstrapRunbook(ApiConnection api, ClusterSite site)
{
    /// <summary>Enforces Pod Security by namespace, runs native sidecars, and knows every field that is rendered.</summary>
    private static readonly (int Major, int Minor) Oldest = (1, 30);

    private static readonly string[] Enforcers = ["calico", "cilium", "kube-router", "antrea", "weave", "canal", "azure-npm", "aws-node", "ovn"];

    private Distribution on;

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellation)
    {
        var version = await api.GetAsync("/version", cancellation);
        var nodes = await ListAsync("/api/v1/nodes", cancellation);
        on = Remedies.Of((string?)version["gitVersion"] ?? "", (nodes ?? []).Select(node => (string?)node["spec"]?["providerID"] ?? ""));
        Finding[] findings =
        [
            Version(version),
            .. await StorageAsync(cancellation),
            Room(nodes),
            await PoliciesAsync(version, cancellation),
            .. await new EdgeChecks(api, site, on).ExamineAsync(cancellation),
            .. await new OperatorChecks(api, site, on).ExamineAsync(cancellation),
            await NamespaceAsync(cancellation),
            await new RightsCheck(api, site).ExamineAsync(KubernetesRenderer.Manifests(site), cancellation),
        ];
        return [.. findings.Select(finding => finding.Ok ? finding with { Remedy = null } : finding)];
    }

    private Finding Version(JsonObject version)
    {
        var number = (Major: Number(version["major"]), Minor: Number(version["minor"]));
        return new Finding("version", number.CompareTo(Oldest) >= 0, $"{(string?)version["gitVersion"]} ({on}), {Oldest.Major}.{Oldest.Minor} or newer is needed", Remedies.Upgrade(on));
    }

    private async Task<IEnumerable<Finding>> StorageAsync(CancellationToken cancellation)
    {
        var needed = Claims().ToList();
        if (needed.Count == 0)
        {
            return [];
        }
        var classes = await ListAsync("/apis/storage.k8s.io/v1/storageclasses", cancellation) ?? [];
        return needed.Distinct().Select(name => Storage(name, classes));
    }

    private IEnumerable<string?> Claims()
    {
        var cluster = site.Cluster;
        if (cluster.Redis.Mode is not StoreMode.External)
        {
            yield return cluster.Redis.StorageClass;
        }
        if (cluster.ClickHouse.Mode is not StoreMode.External)
        {
            yield return cluster.ClickHouse.StorageClass;
        }
    }

    // A volume that cannot grow is no reason to refuse the cluster, but people must know before it is full.
    private Finding Storage(string? name, List<JsonObject> classes)
    {
        var found = classes.FirstOrDefault(c => name is null ? (string?)c["metadata"]?["annotations"]?["storageclass.kubernetes.io/is-default-class"] == "true" : NameOf(c) == name);
        return found is null
            ? new Finding("storage", false, name is null ? "no StorageClass is the default" : $"there is no StorageClass {name}; there are: {Names(classes)}", Remedies.DefaultClass(on))
            : new Finding("storage", true, $"{NameOf(found)} by {(string?)found["provisioner"]}, {((bool?)found["allowVolumeExpansion"] == true ? "volumes can grow" : "volumes cannot grow: choose their sizes generously")}", null);
    }

    private Finding Room(List<JsonObject>? nodes)
    {
        var needs = Demand.Of(site).Needs;
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{needs.Cpu:0.0} cores and {needs.Memory.WholeMebibytes} MiB are set aside at most");
        if (nodes is null)
        {
            return new Finding("room", true, $"nodes may not be listed; {wanted}", null);
        }
        var (cores, memory) = (nodes.Sum(n => Quantities.Of(n["status"]?["allocatable"]?["cpu"])), nodes.Sum(n => Quantities.Of(n["status"]?["allocatable"]?["memory"])) / (1 << 20));
        return new Finding(
            "room", cores >= needs.Cpu && memory >= needs.Memory.WholeMebibytes,
            string.Create(CultureInfo.InvariantCulture, $"{nodes.Count} nodes with {cores:0.0} cores and {memory:0} MiB; {wanted}"), "add nodes, or lower replicas and kubernetes.resources");
    }

    // The API cannot be asked who enforces policies: known agents are, and k3s has one built in.
    private async Task<Finding> PoliciesAsync(JsonObject version, CancellationToken cancellation)
    {
        var agents = (await ListAsync("/apis/apps/v1/daemonsets", cancellation))?.Select(NameOf).Where(name => Enforcers.Any(e => name.Contains(e, StringComparison.Ordinal))).ToList();
        var enforcer = ((string?)version["gitVersion"])?.Contains("+k3s", StringComparison.Ordinal) == true ? "k3s" : agents?.FirstOrDefault();
        return new Finding(
            "policies", agents is null || enforcer is not null,
            enforcer is not null ? $"network policies are enforced by {enforcer}" : agents is null ? "daemon sets may not be listed: look yourself whether network policies are enforced" : "nothing is known here that enforces network policies: they would be accepted and do nothing",
            Remedies.Policies(on));
    }

    // Policy engines refuse here what they would refuse then.
    private async Task<Finding> NamespaceAsync(CancellationToken cancellation)
    {
        try
        {
            await api.DryRunAsync(KubernetesRenderer.Manifests(site).First(m => m.Kind == "Namespace"), cancellation);
            return new Finding("admission", true, $"a namespace {site.Namespace} with Pod Security restricted is accepted", null);
        }
        catch (ApiRefusal refusal)
        {
            var why = refusal.Explain();
            return new Finding("admission", false, $"{why.Message}: {refusal.Message}", why.Remedy);
        }
    }

    private async Task<List<JsonObject>?> ListAsync(string path, CancellationToken cancellation) => await ListAsync(api, path, cancellation);

    /// <summary>Null when they may not be listed, or are of a kind that the cluster does not know.</summary>
    internal static async Task<List<JsonObject>?> ListAsync(ApiConnection api, string path, CancellationToken cancellation)
    {
        try
        {
            return [.. ((await api.GetAsync(path, cancellation))["items"] as JsonArray ?? []).OfType<JsonObject>()];
        }
        catch (ApiRefusal refusal) when (refusal.IsForbidden || refusal.IsNotFound)
        {
            return null;
        }
    }

    internal static string NameOf(JsonObject body) => (string?)body["metadata"]?["name"] ?? "";

    internal static string Names(IEnumerable<JsonObject> bodies) => string.Join(", ", bodies.Select(NameOf)) is { Length: > 0 } names ? names : "none";

    // Clouds write "30+".
    private static int Number(JsonNode? node) => int.TryParse(Digits().Match((string?)node ?? "").Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^[0-9]+")]
    private static partial Regex Digits();
}
