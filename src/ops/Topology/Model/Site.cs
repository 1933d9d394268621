using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

/// <summary>How a site runs its services.</summary>
public enum Target
{
    [Description("plain processes on this machine, kept alive by the agent")]
    Process,

    [Description("containers of Docker Compose on this machine")]
    Compose,

    [Description("workloads of a Kubernetes cluster")]
    Kubernetes,
}

[Description("A place where services run.")]
public sealed record Site
{
    [Description("How the site runs its services.")]
    public Target Target { get; init; } = Target.Process;

    [Description("State directory: data, secrets, logs, releases. Relative to the folder of provost.yaml.")]
    [RegularExpression(@"^[^\0]+$", ErrorMessage = "the path of a directory")]
    public string State { get; init; } = ".provost";

    [Description("Host name under which people reach the platform. With a domain the gateway speaks HTTPS only; without one, plain HTTP.")]
    [RegularExpression(@"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        ErrorMessage = "a host name in lower case without scheme, port or path, like insights.example.edu")]
    public string? Domain { get; init; }

    [Description("Public address when no domain is set.")]
    public Http Http { get; init; } = new();

    [Description("Public address when a domain is set.")]
    public Https Https { get; init; } = new();

    [Description("The services of the platform.")]
    public Services Services { get; init; } = new();

    [Description("The stores of the platform.")]
    public Stores Stores { get; init; } = new();

    [Description("How the agent asks whether a replica is ready and alive.")]
    public Probes Probes { get; init; } = new();

    [Description("How a replica stops.")]
    public Shutdown Shutdown { get; init; } = new();

    [Description("Log files of the replicas.")]
    public Logs Logs { get; init; } = new();

    [Description("Releases that can be returned to, and what a deployment asks for before it begins.")]
    public KeptReleases Releases { get; init; } = new();

    [Description("Traces, sent by OTLP. Off until an endpoint is set.")]
    public Traces Traces { get; init; } = new();

    [Description("Backups of the site, and what a recovery may cost.")]
    public Backup Backup { get; init; } = new();

    [Description("How the site runs on Kubernetes, when that is its target.")]
    public Cluster Kubernetes { get; init; } = new();

    /// <summary>The address that people type: sign-in links start with it.</summary>
    public Uri PublicUrl() => Target is Target.Kubernetes ? ClusterUrl() : Domain is null
        ? new Uri($"http://{HttpHost()}:{Http.Port}")
        : new Uri(Https.Port == 443 ? $"https://{Domain}" : $"https://{Domain}:{Https.Port}");

    // Without a domain it is the near end of `kubectl port-forward`; with one, whatever stands in front has the usual port.
    private Uri ClusterUrl() => Domain is null ? new Uri($"http://localhost:{Http.Port}")
        : new Uri(Kubernetes.Tls.Source is TlsSource.None ? $"http://{Domain}" : $"https://{Domain}");

    private string HttpHost() => Http.Address is "127.0.0.1" or "0.0.0.0" or "::1" or "::" ? "localhost"
        : Http.Address.Contains(':', StringComparison.Ordinal) ? $"[{Http.Address}]" : Http.Address;
}
