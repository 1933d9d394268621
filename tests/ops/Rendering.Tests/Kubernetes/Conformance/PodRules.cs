using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What every pod must be: what Pod Security asks for, limits, probes, and its place in the cluster.</summary>
internal static class PodRules
{
    private static readonly string[] Probed = ["startupProbe", "livenessProbe", "readinessProbe"];

    /// <summary>Rules from the pod's template on.</summary>
    public static IEnumerable<FieldRule> Of(ClusterSite site, string component, string kind)
    {
        var serves = kind is "Deployment" or "StatefulSet";
        return
        [
            .. ObjectRules.Labels(site, "metadata labels").Where(rule => !Components.IsStore(component) || !rule.Path.EndsWith("/version", StringComparison.Ordinal)),
            new("metadata labels", "every release would start the store anew", labels => labels["app.kubernetes.io/version"] is null == Components.IsStore(component)),
            new("metadata labels app.kubernetes.io/name", "no policy, no service and no budget would find it", Is(component)),
            .. Identity(site, component, serves),
            .. Security(component),
            .. serves ? Placement(site) : component == Components.Backup ? BackupRules.Placement(site) : [],
            .. Container(serves),
            new("spec", "it would be killed while it drains", spec => (int?)spec["terminationGracePeriodSeconds"] >= LeastGrace(site, component)),
        ];
    }

    private static IEnumerable<FieldRule> Identity(ClusterSite site, string component, bool serves) =>
    [
        new("spec serviceAccountName", "it would run as the namespace's default account", Is(component)),
        new("spec automountServiceAccountToken", "who asks the cluster for nothing has no token", Is(component == Components.Secrets ? "true" : "false")),
        new("spec enableServiceLinks", "services of others would come into its environment", Is("false")),
        new("spec", "the registry asks who is there", spec => site.Cluster.Images.PullSecret is not { } secret || Items(spec["imagePullSecrets"]).Any(s => (string?)s["name"] == secret)),
        new("spec", "on a full node others would stay and it would go", spec => !site.Cluster.PriorityClasses || !serves
            || (string?)spec["priorityClassName"] == $"{site.Namespace}-{(component is Components.Api or Components.Web or Components.Gateway ? "services" : "stores")}"),
        new("spec restartPolicy", "a job that ended would be started again, or a service not", policy => serves ? (string?)policy == "Always" : (string?)policy is "OnFailure" or "Never"),
    ];

    private static IEnumerable<FieldRule> Security(string component) =>
    [
        new("spec securityContext runAsNonRoot", "Pod Security refuses it", Is("true")),
        new("spec securityContext runAsUser", "an image with a user by name is refused", AtLeast(100)),
        new("spec securityContext runAsGroup", "its group would be root's", AtLeast(100)),
        new("spec securityContext fsGroup", "it could not write to a new volume, nor read its secrets", AtLeast(100)),
        new("spec securityContext fsGroupChangePolicy", "a large volume would be walked through at every start", Is("OnRootMismatch")),
        new("spec securityContext seccompProfile type", "Pod Security refuses it", Is("RuntimeDefault")),
        new("spec containers [] securityContext allowPrivilegeEscalation", "Pod Security refuses it", Is("false")),
        new("spec containers [] securityContext readOnlyRootFilesystem", "who breaks in could write programs", Is("true")),
        new("spec containers [] securityContext capabilities drop", "Pod Security refuses it", Set("ALL")),
        new("spec", "it would share the node's network, processes or devices", spec => spec["hostNetwork"] is null && spec["hostPID"] is null && spec["hostIPC"] is null
            && Items(spec["containers"]).All(c => c["securityContext"]?["privileged"] is null && c["securityContext"]?["capabilities"]?["add"] is null)),
        new("spec containers [] securityContext runAsUser", "what is injected beside it takes the user from here", AtLeast(100)),
        new("spec containers [] securityContext runAsGroup", "what is injected beside it takes the group from here", AtLeast(100)),
        new("spec", "a container would run as another user than its volumes are made for", spec => Items(spec["containers"]).All(c =>
            JsonNode.DeepEquals(c["securityContext"]?["runAsUser"], spec["securityContext"]?["runAsUser"]) && JsonNode.DeepEquals(c["securityContext"]?["runAsGroup"], spec["securityContext"]?["runAsGroup"]))),
        new("spec securityContext", $"users of the images: our own have 1654, Redis 999, ClickHouse 101 ({component})", context =>
            (int?)context["runAsUser"] is 1654 or 999 or 101 && (int?)context["runAsUser"] == (int?)context["runAsGroup"] && (int?)context["runAsUser"] == (int?)context["fsGroup"]),
    ];

    private static IEnumerable<FieldRule> Placement(ClusterSite site) =>
    [
        .. Spread.SelectMany(key => new FieldRule[]
        {
            new("spec topologySpreadConstraints", $"replicas would gather in one {key}", list => Items(list).Any(item => (string?)item["topologyKey"] == key
                && (int?)item["maxSkew"] == 1 && (string?)item["whenUnsatisfiable"] == "ScheduleAnyway" && IsChosen(site, item))),
        }),
        new("spec affinity podAntiAffinity preferredDuringSchedulingIgnoredDuringExecution", "replicas would gather on one node", list => Items(list).Any(item =>
            (int?)item["weight"] > 0 && item["podAffinityTerm"] is JsonObject term && (string?)term["topologyKey"] == "kubernetes.io/hostname" && IsChosen(site, term))),
    ];

    private static readonly string[] Spread = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];

    private static bool IsChosen(ClusterSite site, JsonObject item) => ObjectRules.Selector(site, "labelSelector matchLabels").All(rule => !rule.Violations(item).Any());

    private static IEnumerable<FieldRule> Container(bool serves) =>
    [
        new("spec containers [] name", "the server refuses it"),
        new("spec containers [] image", "another image every day, and nothing to go back to", image => (string?)image is { } name && IsPinned(name)),
        new("spec containers [] imagePullPolicy", "every start would need the registry", Is("IfNotPresent")),
        new("spec containers [] resources requests cpu", "the quota refuses it, and the autoscaler has no measure", cpu => Amounts.Of(cpu) > 0),
        new("spec containers [] resources requests memory", "the quota refuses it, and nodes would be overbooked", memory => Amounts.Of(memory) > 0),
        new("spec containers [] resources limits cpu", "the quota refuses it, and one container could take the node", cpu => Amounts.Of(cpu) > 0),
        new("spec containers [] resources limits memory", "the quota refuses it, and one container could take the node down", memory => Amounts.Of(memory) > 0),
        new("spec containers [] ports? [] name", "probes and services go by names"),
        new("spec containers [] ports? [] containerPort", "the server refuses it"),
        new("spec containers [] ports? [] protocol", "server-side apply finds ports by number and protocol", Is("TCP")),
        new("spec containers [] env? [] name", "the server refuses it"),
        new("spec containers [] env? []", "it would be empty", env => !string.IsNullOrEmpty((string?)env["value"]) || (string?)env["valueFrom"]?["fieldRef"]?["fieldPath"] == "metadata.name"),
        new("spec containers [] envFrom? [] configMapRef name", "the server refuses it"),
        new("spec containers [] volumeMounts [] name", "the server refuses it"),
        new("spec containers [] volumeMounts [] mountPath", "the server refuses it", path => ((string?)path)?.StartsWith('/') == true),
        .. serves ? Probed.SelectMany(Probe) : [],
    ];

    private static IEnumerable<FieldRule> Probe(string probe) =>
    [
        new($"spec containers [] {probe} periodSeconds", "the default is five times as slow", AtLeast(1)),
        new($"spec containers [] {probe} timeoutSeconds", "readiness asks the stores for two seconds: the default of one is too short", AtLeast(3)),
        new($"spec containers [] {probe} failureThreshold", "one lost packet would count", AtLeast(2)),
        new($"spec containers [] {probe}", "it asks for nothing", node => Items(new JsonArray(node["httpGet"]?.DeepClone(), node["tcpSocket"]?.DeepClone(), node["exec"]?.DeepClone())).Count() == 1),
        new($"spec containers [] {probe} httpGet? path", "the root page is no health", path => ((string?)path)?.StartsWith('/') == true),
        new($"spec containers [] {probe} httpGet? port", "the server refuses it"),
        new($"spec containers [] {probe} httpGet? scheme", "what is asked must be written", Is("HTTP")),
        new($"spec containers [] {probe} tcpSocket? port", "the server refuses it"),
    ];

    private static bool IsPinned(string image) => image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') && image[(colon + 1)..] is not ("latest" or "");

    // A service drains and finishes; a store writes down what it holds.
    private static double LeastGrace(ClusterSite site, string component) => component is Components.Api or Components.Web or Components.Gateway
        ? (site.Site.Shutdown.Drain + site.Site.Shutdown.Limit).TotalSeconds + 1 : 30;
}
