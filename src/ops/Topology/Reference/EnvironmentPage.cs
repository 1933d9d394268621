using System.Globalization;
using System.Text;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Topology.Reference;

/// <param name="Source">The key of provost.yaml that decides it; null where the target decides.</param>
public sealed record EnvironmentKey(string Name, string? Source, string Meaning);

/// <summary>The reference of the environment of services, written from what services are given.</summary>
public static class EnvironmentPage
{
    /// <summary>Every key, in the order of the page. A list is named by its first entry.</summary>
    public static IReadOnlyList<EnvironmentKey> Keys { get; } =
    [
        new("PROVOST_Service__Installation", "name", "Name of the installation."),
        new("PROVOST_Service__Name", null, "Name of the service."),
        new("PROVOST_Service__Replica", null, "Name of this copy of it."),
        new("PROVOST_Service__Release", null, "Version and fingerprint of what runs."),
        new("PROVOST_Service__DrainSeconds", "shutdown.drain", "Time for which new requests are still served after the signal to stop; longer where many live connections move, at most half of the limit for requests in flight."),
        new("PROVOST_Service__ShutdownSeconds", "shutdown.limit", "Time for requests in flight after that."),
        new("PROVOST_Listen__Http", null, "Where the service listens: fd:NUMBER, tcp:ADDRESS:PORT or unix:PATH."),
        new("PROVOST_Listen__Admin", null, "Where health, metrics and orders are served; then nowhere else."),
        new("PROVOST_Listen__HandOver", null, "Socket by which the agent gets the listening sockets back."),
        new("PROVOST_Listen__TrustedProxies", null, "Networks whose word about the client's address is believed."),
        new("PROVOST_Secrets__Directory", null, "Directory with one file for each secret."),
        new("PROVOST_Logs__File", null, "The file that standard output is; reopened on SIGHUP."),
        new("PROVOST_Logs__Level", "logs.level", "Least severe entry that is written."),
        new("PROVOST_Traces__Endpoint", "traces.endpoint", "URL of the OTLP collector."),
        new("PROVOST_Traces__SampleRatio", "traces.sampleRatio", "Share of requests that are traced."),
        new("PROVOST_Redis__Endpoint", null, "Redis as host:port."),
        new("PROVOST_Redis__Primary", null, "Name of the primary that sentinels know, where Redis has replicas."),
        new("PROVOST_ClickHouse__Endpoint", null, "ClickHouse's HTTP interface."),
        new("PROVOST_ClickHouse__Cluster", null, "Name of the cluster, where ClickHouse has replicas."),
        new("PROVOST_ClickHouse__Database", null, "Database of the facts."),
        new("PROVOST_ClickHouse__User", null, "User of the stores' clients."),
        new("PROVOST_Public__Url", "domain, http, https", "The address that people type: sign-in links start with it."),
        new("PROVOST_Web__Root", null, "The published bundle."),
        new("PROVOST_Web__Releases", null, "Folder of the installed releases, whose fingerprinted files stay served."),
        new("PROVOST_Web__KeepReleases", "releases.keep", "Releases that stay there, where the replicas themselves put them there."),
        new("PROVOST_Web__Peers", null, "The other web hosts, which are asked for fingerprinted files of another release."),
        new("PROVOST_Gateway__Api__0", "services.api.replicas", "Address of each api, counted from 0."),
        new("PROVOST_Gateway__Web__0", "services.web.replicas", "Address of each web host, counted from 0."),
        new("PROVOST_Gateway__HealthPort", null, "Port on which those answer for their health, when it is another."),
        new("PROVOST_Gateway__ConnectionSeconds", null, "How long a connection is used where one address stands for several replicas."),
        new("PROVOST_Gateway__Domain", "domain", "Public name; with it the gateway speaks TLS."),
        new("PROVOST_Gateway__CertificateFile", "https.certificate", "Certificate chain (PEM); read again when it changes."),
        new("PROVOST_Gateway__KeyFile", "https.key", "Its private key (PEM)."),
        new("PROVOST_Gateway__RequestsPerMinute", "services.gateway.requestsPerMinute", "Requests that one client address may make in a minute."),
        new("PROVOST_Gateway__MaxRequestMegabytes", "services.gateway.maxRequest", "Largest request body."),
        new("PROVOST_Gateway__MaintenanceFile", null, "While this file is there, people are told that the platform is closed."),
        new("PROVOST_ClickHouse__DataDirectory", null, "Data of the embedded ClickHouse."),
        new("PROVOST_ClickHouse__MaxMemoryMegabytes", "stores.clickHouse.memory", "Memory that all its queries together may use."),
        new("PROVOST_ClickHouse__Library", null, "The engine itself."),
        new("PROVOST_Redis__DataDirectory", null, "Data of the embedded Redis."),
        new("PROVOST_Redis__Port", null, "Port of the embedded Redis."),
        new("PROVOST_Redis__Address", null, "Address of the embedded Redis."),
        new("DOTNET_GCHeapHardLimit", "services.*.resources.memory", "Memory limit of the managed heap, in hexadecimal bytes."),
    ];

    public static string Markdown()
    {
        var page = new StringBuilder("""
            # Environment of services

            What `provost` gives each service, whatever the target: settings as environment variables, secrets as files in the
            directory that `PROVOST_Secrets__Directory` names. A service refuses a `PROVOST_` variable that it does not know. This page is
            written from the source: `UPDATE_GOLDEN=1` with the tests of Topology writes it anew. What one machine may overrule under Compose:
            [`.env`](compose-env.md).

            ## Settings

            | variable | services | from `provost.yaml` | meaning |
            |---|---|---|---|

            """);
        var given = Given();
        foreach (var key in Keys)
        {
            var services = Replicas.Services.Where(service => given[service].Contains(key.Name)).ToList();
            var who = services.Count == Replicas.Services.Count ? "all" : string.Join(", ", services);
            page.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {who} | {(key.Source is null ? "" : $"`{key.Source}`")} | {key.Meaning} |\n");
        }
        page.Append("""

            ## Secrets

            | file | read by | what it is |
            |---|---|---|

            """);
        foreach (var secret in Secrets.All.Concat(Secrets.OnProcesses))
        {
            var what = Secrets.OnProcesses.Contains(secret) ? "on sites of plain processes: opens what changes something on the admin listener"
                : secret.Kind is SecretKind.Key ? "32 random bytes in base64; lost, it makes data unreadable" : "a password of 256 random bits";
            page.Append(CultureInfo.InvariantCulture, $"| `{secret.Name}` | {string.Join(", ", secret.Services)} | {what} |\n");
        }
        return page.ToString();
    }

    /// <summary>Every variable that a service is ever given.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Given()
    {
        var resources = new Resources { Memory = ByteSize.Mebibytes(512) };
        var site = new Site
        {
            Domain = "insights.example.edu",
            Traces = new Traces { Endpoint = "http://127.0.0.1:4317" },
            Services = new Model.Services { Api = new Api { Replicas = 1, Resources = resources }, Web = new Web { Resources = resources }, Gateway = new Gateway { Replicas = 1, Resources = resources } },
        };
        string[] sockets = [.. Replicas.Of(site).SelectMany(r => Replicas.Sockets(r, embeddedRedis: true))];
        Placement[] placements =
        [
            new ProcessPlacement("1.0.0", "/srv/releases/1.0.0", "/srv", "/run", true, sockets.ToDictionary(s => s, _ => 1)),
            new ContainerPlacement("", Replicas.Of(site).ToDictionary(r => r.Id, r => r.Id)) { EmbeddedRedis = true, EmbeddedClickHouse = true, RunsBeside = true },
            new ClusterPlacement("1.0.0", site with { Kubernetes = new Cluster { Redis = new ClusterRedis { Mode = StoreMode.Replicated }, ClickHouse = new ClusterClickHouse { Mode = StoreMode.Replicated } } }),
        ];
        return Replicas.Of(site).ToDictionary(r => r.Service, r => (IReadOnlySet<string>)placements
            .SelectMany(p => ServiceEnvironment.For(new Installation(), site, r, p).Keys).ToHashSet());
    }
}
