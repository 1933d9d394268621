using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("How a site runs on Kubernetes. Every default together is the small profile: one node with two cores.")]
public sealed record Cluster
{
    [Description("Namespace that holds everything of the site; the installation's name when left out. It belongs to this installation alone.")]
    [RegularExpression("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", ErrorMessage = "1 to 40 lower-case letters, digits and hyphens, starting with a letter")]
    public string? Namespace { get; init; }

    [Description("Container images.")]
    public ClusterImages Images { get; init; } = new();

    [Description("How people reach the gateway.")]
    public ClusterEdge Edge { get; init; } = new();

    [Description("Where the certificate of the domain comes from.")]
    public ClusterTls Tls { get; init; } = new();

    [Description("Where secrets come from.")]
    public ClusterSecrets Secrets { get; init; } = new();

    [Description("The Redis of the site.")]
    public ClusterRedis Redis { get; init; } = new();

    [Description("The ClickHouse of the site.")]
    public ClusterClickHouse ClickHouse { get; init; } = new();

    [Description("Backups made inside of the cluster. Where they go, when and how long they are kept: `backup` of the site.")]
    public ClusterBackups Backup { get; init; } = new();

    [Description("Processor and memory of each replica. What is left out has a default for each service.")]
    public ClusterResources Resources { get; init; } = new();

    [Description("Replicas by load.")]
    public Autoscaling Autoscaling { get; init; } = new();

    [Description("Who else takes part in the cluster.")]
    public Neighbours Neighbours { get; init; } = new();

    [Description("Priority classes, so that a full node gives up other work before the platform's. They are objects of the whole cluster.")]
    public bool PriorityClasses { get; init; }

    [Description("Limits of the namespace are this many times what the site needs at most; room for rollouts and jobs.")]
    [Range(1.0, 10.0)]
    public double QuotaHeadroom { get; init; } = 1.5;
}

[Description("Container images.")]
public sealed record ClusterImages
{
    [Description("What the names of the images start with: registry and folder. Left out: the `registry` of the installation, or else provost.")]
    [RegularExpression(@"^[a-zA-Z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*$", ErrorMessage = "a registry and a folder without scheme, like registry.example.edu:5000/provost")]
    public string? Registry { get; init; }

    [Description("Version of the images; that of the tool when left out.")]
    [RegularExpression(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]{1,60})?$", ErrorMessage = "MAJOR.MINOR.PATCH, optionally with -prerelease")]
    public string? Release { get; init; }

    [Description("Version of the image of the embedded stores; that of the others when left out. With it, a release by `kubectl apply` leaves the stores running.")]
    [RegularExpression(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]{1,60})?$", ErrorMessage = "MAJOR.MINOR.PATCH, optionally with -prerelease")]
    public string? Stores { get; init; }

    [Description("Secret of type kubernetes.io/dockerconfigjson in the namespace, by which the nodes pull; none for a registry that asks nobody.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a Secret")]
    public string? PullSecret { get; init; }

    [Description("Image of the Redis server, where it is replicated. The image that makes backups has this version: it opens what this server wrote.")]
    public string Redis { get; init; } = "docker.io/library/redis:7.4.7-bookworm";

    [Description("Image of the ClickHouse server and of its keepers, where it is replicated.")]
    public string ClickHouse { get; init; } = "docker.io/clickhouse/clickhouse-server:25.8.11.66";
}

/// <summary>What people's requests come through.</summary>
public enum EdgeKind
{
    [Description("a Service alone: reached by `kubectl port-forward`, a node port or a load balancer")]
    Service,

    [Description("an Ingress of networking.k8s.io/v1, of any controller")]
    Ingress,

    [Description("an HTTPRoute of the Gateway API, attached to a Gateway that the cluster has")]
    HttpRoute,
}

public enum ServiceType
{
    [Description("inside the cluster")]
    ClusterIp,

    [Description("a port of every node")]
    NodePort,

    [Description("an address of the cloud or of the cluster's balancer")]
    LoadBalancer,
}

[Description("How people reach the gateway.")]
public sealed record ClusterEdge
{
    [Description("What people's requests come through.")]
    public EdgeKind Kind { get; init; } = EdgeKind.Service;

    [Description("Type of the gateway's Service.")]
    public ServiceType Service { get; init; } = ServiceType.ClusterIp;

    [Description("Class of the Ingress; the cluster's default when left out.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of an IngressClass")]
    public string? Class { get; init; }

    [Description("Gateway that the HTTPRoute attaches to.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a Gateway")]
    public string? Gateway { get; init; }

    [Description("Namespace of that Gateway; the site's own when left out.")]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a namespace")]
    public string? GatewayNamespace { get; init; }

    [Description("Namespace of the controller. With it, only pods from there reach the gateway; otherwise everybody does.")]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a namespace")]
    public string? ControllerNamespace { get; init; }

    [Description("Networks whose word about a client's address is believed, separated by commas: those of the pods and nodes.")]
    public string TrustedProxies { get; init; } = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7";
}

public enum TlsSource
{
    [Description("none: plain HTTP")]
    None,

    [Description("the controller of the ingress or the gateway has one already")]
    Controller,

    [Description("cert-manager, by a ClusterIssuer")]
    CertManager,

    [Description("a Secret of type kubernetes.io/tls that you supply")]
    Secret,

    [Description("the installation's own authority; browsers must trust its certificate, which is in the Secret `authority`")]
    Authority,
}

[Description("Where the certificate of the domain comes from.")]
public sealed record ClusterTls
{
    [Description("Where the certificate comes from.")]
    public TlsSource Source { get; init; } = TlsSource.None;

    [Description("Name of the ClusterIssuer of cert-manager.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a ClusterIssuer")]
    public string? Issuer { get; init; }

    [Description("Name of the Secret with the certificate and its key.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a Secret")]
    public string Secret { get; init; } = "gateway-tls";
}

public enum SecretSource
{
    [Description("a Job of the installation makes those that are missing, inside the cluster; it never changes one that is there")]
    Generated,

    [Description("the External Secrets Operator copies them from a store")]
    ExternalSecrets,

    [Description("the Vault agent injector writes them into each pod")]
    Vault,
}

[Description("Where secrets come from.")]
public sealed record ClusterSecrets
{
    [Description("Where secrets come from.")]
    public SecretSource Source { get; init; } = SecretSource.Generated;

    [Description("ClusterSecretStore of the External Secrets Operator.")]
    [RegularExpression("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "the name of a ClusterSecretStore")]
    public string? Store { get; init; }

    [Description("Entry of the store, or path of Vault, that holds every secret by its name (Redis__Password and so on).")]
    public string Path { get; init; } = "provost";

    [Description("Role by which pods sign in at Vault.")]
    public string VaultRole { get; init; } = "provost";
}
