using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Environments;
using Provost.Topology.Model;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What each object must be by itself, whatever else is there. Pods and what runs them: WorkloadRules, PodRules.</summary>
internal static class ObjectRules
{
    private static readonly string[] OfTheCluster = ["Namespace", "PriorityClass"];

    public static IEnumerable<string> Violations(ClusterSite site, JsonObject body)
    {
        var kind = (string?)body["kind"] ?? "";
        return [.. Identity(site, kind).Concat(Of(site, kind, body)).SelectMany(rule => rule.Violations(body))];
    }

    private static IEnumerable<FieldRule> Identity(ClusterSite site, string kind) =>
    [
        new("apiVersion", "the server does not know which schema is meant"),
        new("kind", "the server does not know what it is"),
        new("metadata name", "nobody can refer to it"),
        .. OfTheCluster.Contains(kind) ? [] : new FieldRule[] { new("metadata namespace", "it would land in the namespace of whoever applies it", Is(site.Namespace)) },
        .. Labels(site, "metadata labels"),
    ];

    /// <summary>The recommended labels, by which people and tools find what belongs together.</summary>
    public static IEnumerable<FieldRule> Labels(ClusterSite site, string at) =>
    [
        new($"{at} app.kubernetes.io/name", "policies, services and logs find components by it"),
        new($"{at} app.kubernetes.io/instance", "another installation could not be told apart", Is(site.Installation.Name)),
        new($"{at} app.kubernetes.io/component", "a dashboard cannot tell stores from services"),
        new($"{at} app.kubernetes.io/part-of", "it does not say what it belongs to", Is("provost")),
        new($"{at} app.kubernetes.io/managed-by", "people would change it by hand", Is("provost")),
        new($"{at} app.kubernetes.io/version", "nobody sees which release runs", Is(site.Version)),
    ];

    /// <summary>How pods of one component of one installation are chosen.</summary>
    public static IEnumerable<FieldRule> Selector(ClusterSite site, string at) =>
    [
        new($"{at} app.kubernetes.io/name", "it would choose every component"),
        new($"{at} app.kubernetes.io/instance", "it would choose another installation's pods too", Is(site.Installation.Name)),
    ];

    private static IEnumerable<FieldRule> Of(ClusterSite site, string kind, JsonObject body) => kind switch
    {
        "Namespace" => Namespace,
        "ResourceQuota" => Quota,
        "LimitRange" => Limits,
        "PriorityClass" => Priority,
        "PersistentVolumeClaim" => BackupRules.Claim(site),
        "ServiceAccount" => [new("automountServiceAccountToken", "every pod would carry a token for the API server", Is("false"))],
        "Role" => Role(site),
        "RoleBinding" => Binding(site),
        "NetworkPolicy" => Policy(site, (string?)body["metadata"]?["name"]),
        "ConfigMap" => [new("immutable", "somebody could change it under the pods that use it", Is("true")), new("data", "it holds nothing")],
        "Service" => ServiceOf(site, body),
        "HorizontalPodAutoscaler" => Autoscaler(site),
        "PodDisruptionBudget" => [.. Budget, .. Selector(site, "spec selector matchLabels")],
        "Ingress" => Ingress(site),
        "HTTPRoute" => Route(site),
        "Certificate" => Certificate(site),
        "ExternalSecret" => External(site, (string?)body["metadata"]?["name"] ?? ""),
        _ => WorkloadRules.Of(site, kind, body),
    };

    private static IEnumerable<FieldRule> Namespace { get; } = new[] { "enforce", "audit", "warn" }.SelectMany(mode => new FieldRule[]
    {
        new($"metadata labels pod-security.kubernetes.io/{mode}", $"Pod Security does not {mode}", Is("restricted")),
        new($"metadata labels pod-security.kubernetes.io/{mode}-version", "the cluster's default could be an old policy", Is("latest")),
    });

    private static IEnumerable<FieldRule> Quota { get; } =
    [
        .. new[] { "requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "requests.storage", "persistentvolumeclaims", "pods", "services.loadbalancers", "services.nodeports" }
            .Select(resource => new FieldRule($"spec hard {resource}", "somebody with access to the namespace could take all of it")),
    ];

    private static IEnumerable<FieldRule> Limits { get; } =
    [
        new("spec limits [] type", "it is no limit of anything", Is("Container")),
        new("spec limits [] default cpu", "a pod of others without a limit is refused by the quota"),
        new("spec limits [] default memory", "a pod of others without a limit is refused by the quota"),
        new("spec limits [] defaultRequest cpu", "what others add would ask for as much as it may use"),
        new("spec limits [] defaultRequest memory", "what others add would ask for as much as it may use"),
    ];

    private static IEnumerable<FieldRule> Priority { get; } =
    [
        new("value", "without a value there is no order", AtLeast(1)),
        new("globalDefault", "pods of others would get it", Is("false")),
        new("preemptionPolicy", "on a full node the platform would wait for others", Is("PreemptLowerPriority")),
        new("description", "an administrator must see whose it is"),
    ];

    private static IEnumerable<FieldRule> Role(ClusterSite site) =>
    [
        new("rules", "one right to create Secrets, and one to read its own", rules => rules is JsonArray { Count: 2 }),
        new("rules [] apiGroups", "Secrets are of the core group", Set("")),
        new("rules [] resources", "nothing but Secrets", Set("secrets")),
        new("rules", "creating cannot be narrowed to names", rules => Items(rules).Any(r => r["resourceNames"] is null && r["verbs"] is { } verbs && Set("create")(verbs))),
        new("rules", "reading and renewing is for its own Secrets alone", rules => Items(rules).Any(r =>
            r["verbs"] is { } verbs && Set("get", "update")(verbs) && r["resourceNames"] is { } names && Set([.. MadeSecrets(site)])(names))),
    ];

    // Who makes them may read them: those with passwords and keys, and those with the certificate.
    private static IEnumerable<string> MadeSecrets(ClusterSite site) =>
    [
        .. site.Cluster.Secrets.Source is SecretSource.Generated ? Secrets.Directories.Where(d => Secrets.Of(d).Any()).Append("backup").Select(d => d + "-secrets") : [],
        .. site.Cluster.Tls.Source is TlsSource.Authority ? new[] { "authority", site.Cluster.Tls.Secret } : [],
    ];

    private static IEnumerable<FieldRule> Binding(ClusterSite site) =>
    [
        new("roleRef apiGroup", "the server refuses it", Is("rbac.authorization.k8s.io")),
        new("roleRef kind", "the server refuses it", Is("Role")),
        new("roleRef name", "it gives nothing", Is("secrets")),
        new("subjects [] kind", "it gives to nobody", Is("ServiceAccount")),
        new("subjects [] name", "it gives to nobody", Is("secrets")),
        new("subjects [] namespace", "an account elsewhere of the same name would be meant", Is(site.Namespace)),
    ];

    private static IEnumerable<FieldRule> Policy(ClusterSite site, string? name) =>
    [
        new("spec podSelector", "the server refuses it", selector => (name == "default-deny") == (selector is JsonObject { Count: 0 })),
        .. name switch
        {
            "default-deny" => [],
            "acme-solver" => Solver(site),
            _ => Selector(site, "spec podSelector matchLabels"),
        },
        new("spec policyTypes", "one direction would stay open", Set("Ingress", "Egress")),
        new("spec ingress? [] ports [] port", "every port would be open"),
        new("spec ingress? [] ports [] protocol", "the default hides whether UDP is meant"),
        new("spec egress? [] ports [] port", "every port would be open"),
        new("spec egress? [] ports [] protocol", "the default hides whether UDP is meant"),
        new("spec", "pods of another installation would be let in", spec => Peers(spec).All(peer => IsNarrow(site, peer))),
        new("spec", "no name would be found", spec => !Asks(spec, 53) || Peers(spec).Any(peer => (string?)peer["namespaceSelector"]?["matchLabels"]?["kubernetes.io/metadata.name"] == "kube-system")),
        new("spec", "names are asked of the cache on the node where there is one", spec => !Asks(spec, 53) || Peers(spec).Any(peer => (string?)peer["ipBlock"]?["cidr"] == "169.254.20.10/32")),
    ];

    // The label that cert-manager gives to the pods it makes; the port on which they listen.
    private static IEnumerable<FieldRule> Solver(ClusterSite site) =>
    [
        new("spec podSelector matchLabels acme.cert-manager.io/http01-solver", "no certificate would ever be issued", Is("true")),
        new("spec ingress [] ports [] port", "no certificate would ever be issued", Is("8089")),
        new("spec ingress", "others than the controller could ask", ingress => Items(ingress).All(rule => site.Cluster.Edge.ControllerNamespace is not { } controller
            || Items(rule["from"]).Any(from => (string?)from["namespaceSelector"]?["matchLabels"]?["kubernetes.io/metadata.name"] == controller))),
    ];

    private static IEnumerable<JsonObject> Peers(JsonNode spec) =>
        Items(spec["ingress"]).SelectMany(rule => Items(rule["from"])).Concat(Items(spec["egress"]).SelectMany(rule => Items(rule["to"])));

    private static bool Asks(JsonNode spec, int port) => Items(spec["egress"]).SelectMany(rule => Items(rule["ports"])).Any(p => (int?)p["port"] == port);

    // Pods of ours by both labels; the name server by its own; a namespace by its name.
    private static bool IsNarrow(ClusterSite site, JsonObject peer) =>
        peer["ipBlock"]?["cidr"] is not null
        || (peer["namespaceSelector"] is { } space ? space["matchLabels"]?["kubernetes.io/metadata.name"] is { } name && ((string?)name == "kube-system") == ((string?)peer["podSelector"]?["matchLabels"]?["k8s-app"] == "kube-dns")
            : Selector(site, "podSelector matchLabels").All(rule => !rule.Violations(peer).Any()));

    private static IEnumerable<FieldRule> ServiceOf(ClusterSite site, JsonObject body)
    {
        var isOfPods = ((string?)body["metadata"]?["name"])?.EndsWith("-pods", StringComparison.Ordinal) == true;
        return
        [
            .. Selector(site, "spec selector"),
            new("spec ports [] name", "a second port could never be added"),
            new("spec ports [] port", "the server refuses it"),
            new("spec ports [] targetPort", "it would lead to a port of its own number", node => node is JsonValue value && value.TryGetValue(out string? name) && !int.TryParse(name, out _)),
            new("spec ports [] protocol", "server-side apply finds ports by number and protocol", Is("TCP")),
            .. isOfPods
                ? new FieldRule[]
                {
                    new("spec clusterIP", "members could not be told apart", Is("None")),
                    new("spec publishNotReadyAddresses", "members must find each other before they are ready", Is("true")),
                }
                : [new("spec type", "who can reach it must be written", Is(TypeOf(site, body)))],
            new("spec", "limits for each client would meet whole nodes", spec => TypeOf(site, body) != "LoadBalancer" || isOfPods || (string?)spec["externalTrafficPolicy"] == "Local"),
        ];
    }

    private static string TypeOf(ClusterSite site, JsonObject body) => (string?)body["metadata"]?["name"] == "gateway" ? site.Cluster.Edge.Service.ToString().Replace("Ip", "IP", StringComparison.Ordinal) : "ClusterIP";

    private static IEnumerable<FieldRule> Autoscaler(ClusterSite site) =>
    [
        new("spec scaleTargetRef apiVersion", "it scales nothing", Is("apps/v1")),
        new("spec scaleTargetRef kind", "it scales nothing", Is("Deployment")),
        new("spec scaleTargetRef name", "it scales nothing"),
        new("spec minReplicas", "it would go down to one", AtLeast(1)),
        new("spec maxReplicas", "the server refuses it", AtLeast(1)),
        new("spec metrics", "it must look at the processor", metrics => Items(metrics).Count(IsCpu) == 1),
        new("spec scaleTargetRef", "live connections fill a replica before its processor does", target => site.Cluster.Autoscaling.LiveConnections == 0 || (string?)target["name"] != "api"
            || Items(target.Parent?["metrics"]).Count(IsLive) == 1),
        .. new[] { "scaleUp", "scaleDown" }.SelectMany(way => new FieldRule[]
        {
            new($"spec behavior {way} stabilizationWindowSeconds", "the default may be another one", AtLeast(way == "scaleUp" ? 0 : 60)),
            new($"spec behavior {way} policies [] type", "the server refuses it"),
            new($"spec behavior {way} policies [] value", "the server refuses it", AtLeast(1)),
            new($"spec behavior {way} policies [] periodSeconds", "the server refuses it", AtLeast(1)),
        }),
    ];

    private static bool IsCpu(JsonObject metric) => (string?)metric["type"] == "Resource" && (string?)metric["resource"]?["name"] == "cpu"
        && (string?)metric["resource"]?["target"]?["type"] == "Utilization" && (int?)metric["resource"]?["target"]?["averageUtilization"] > 0;

    private static bool IsLive(JsonObject metric) => (string?)metric["type"] == "Pods" && (string?)metric["pods"]?["metric"]?["name"] == "kestrel_upgraded_connections"
        && (string?)metric["pods"]?["target"]?["type"] == "AverageValue" && metric["pods"]?["target"]?["averageValue"] is not null;

    private static IEnumerable<FieldRule> Budget { get; } =
    [
        new("spec maxUnavailable", "a node could be emptied of all replicas at once", Is("1")),
        new("spec unhealthyPodEvictionPolicy", "a replica that is broken anyway would hold a node up for ever", Is("AlwaysAllow")),
    ];

    private static IEnumerable<FieldRule> Ingress(ClusterSite site) =>
    [
        new("spec", "another controller would take it", spec => (string?)spec["ingressClassName"] == site.Cluster.Edge.Class),
        new("spec", "sign-in would travel in the clear", spec => !NeedsSecret(site)
            || Items(spec["tls"]).Any(tls => Texts(tls["hosts"]).Contains(site.Site.Domain) && (string?)tls["secretName"] == site.Cluster.Tls.Secret)),
        new("spec rules [] host", "it would answer for every name", Is(site.Site.Domain!)),
        new("spec rules [] http paths [] path", "the server refuses it", Is("/")),
        new("spec rules [] http paths [] pathType", "the server refuses it", Is("Prefix")),
        new("spec rules [] http paths [] backend service name", "it leads nowhere", Is("gateway")),
        new("spec rules [] http paths [] backend service port name", "it leads nowhere", Is("http")),
    ];

    private static bool NeedsSecret(ClusterSite site) => site.Site.Domain is not null && site.Cluster.Tls.Source is not (TlsSource.None or TlsSource.Controller);

    private static IEnumerable<FieldRule> Route(ClusterSite site) =>
    [
        new("spec parentRefs [] group", "another kind could be meant", Is("gateway.networking.k8s.io")),
        new("spec parentRefs [] kind", "another kind could be meant", Is("Gateway")),
        new("spec parentRefs [] name", "it is attached to nothing", Is(site.Cluster.Edge.Gateway!)),
        new("spec parentRefs [] namespace", "it is attached to nothing", Is(site.Cluster.Edge.GatewayNamespace!)),
        new("spec hostnames", "it would answer for every name", Set(site.Site.Domain!)),
        new("spec rules [] matches [] path type", "only one path would be led on", Is("PathPrefix")),
        new("spec rules [] matches [] path value", "only one path would be led on", Is("/")),
        new("spec rules [] timeouts request", "a live connection would be cut", Is("0s")),
        new("spec rules [] backendRefs [] name", "it leads nowhere", Is("gateway")),
        new("spec rules [] backendRefs [] port", "it leads nowhere", Is("80")),
    ];

    private static IEnumerable<FieldRule> Certificate(ClusterSite site) =>
    [
        new("spec secretName", "nobody would find it", Is(site.Cluster.Tls.Secret)),
        new("spec dnsNames", "it would be for nobody", Set(site.Site.Domain!)),
        new("spec issuerRef group", "another operator's issuer could be meant", Is("cert-manager.io")),
        new("spec issuerRef kind", "an issuer of the namespace would be meant", Is("ClusterIssuer")),
        new("spec issuerRef name", "nobody would issue it", Is(site.Cluster.Tls.Issuer!)),
        new("spec privateKey algorithm", "it would be RSA", Is("ECDSA")),
        new("spec privateKey size", "the default may change", Is("256")),
        new("spec privateKey rotationPolicy", "one key would be used for ever", Is("Always")),
    ];

    private static IEnumerable<FieldRule> External(ClusterSite site, string name) =>
    [
        new("spec refreshInterval", "a change in the store would not arrive, or the store be asked all the time"),
        new("spec secretStoreRef kind", "a store of the namespace would be meant", Is("ClusterSecretStore")),
        new("spec secretStoreRef name", "nothing would be copied", Is(site.Cluster.Secrets.Store!)),
        new("spec target name", "nobody would find it", Is(name)),
        new("spec target creationPolicy", "the keys would go with this object, and names become unreadable", Is("Orphan")),
        new("spec target deletionPolicy", "the keys would go when the store forgets them", Is("Retain")),
        new("spec data [] remoteRef key", "nothing would be copied", Is(site.Cluster.Secrets.Path)),
        new("spec data", "every secret of the service, from the entry of its name", data => Items(data)
            .Select(item => $"{(string?)item["secretKey"]} {(string?)item["remoteRef"]?["property"]}").Order(StringComparer.Ordinal)
            .SequenceEqual(SecretNames.ValuesOf(name.Replace("-secrets", "", StringComparison.Ordinal)).Select(s => $"{s} {s}").Order(StringComparer.Ordinal))),
    ];
}
