using System.Globalization;
using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>
/// The environment that a service gets: the contract between the operator's half and the platform's half. Never a secret;
/// those are files in the directory that PROVOST_Secrets__Directory names.
/// </summary>
public static class ServiceEnvironment
{
    private const string ClickHouseDatabase = "provost";
    private const string ClickHouseUser = "provost";

    public static IReadOnlyDictionary<string, string> For(Installation installation, Site site, Replica replica, Placement placement)
    {
        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Service__Installation"] = installation.Name,
            ["Service__Name"] = replica.Service,
            ["Service__Replica"] = replica.Id,
            ["Service__Release"] = placement.Release,
            ["Service__DrainSeconds"] = Seconds(IsStore(replica) ? TimeSpan.Zero : site.Shutdown.Drain),
            ["Service__ShutdownSeconds"] = Seconds(site.Shutdown.Limit),
            ["Listen__Http"] = "fd:3",
            ["Listen__HandOver"] = HandOver(placement, replica),
            ["Secrets__Directory"] = SecretsDirectory(placement, replica),
            ["Logs__File"] = LogFile(placement, replica),
            ["Logs__Level"] = site.Logs.Level.ToString(),
        };
        AddTraces(keys, site.Traces);
        AddOwn(keys, site, replica, placement);
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            environment["PROVOST_" + key] = value;
        }
        AddRuntime(environment, site, replica);
        return environment;
    }

    public static string HandOver(Placement placement, Replica replica) => $"{placement.RunDirectory}/{replica.Id}.handover";

    public static string LogFile(Placement placement, Replica replica) => $"{placement.StateDirectory}/logs/{replica.Id}.log";

    public static string SecretsDirectory(Placement placement, Replica replica) => $"{placement.StateDirectory}/secrets/{replica.Service}";

    public static string DataDirectory(Placement placement, string store) => $"{placement.StateDirectory}/data/{store}";

    public static bool IsStore(Replica replica) => replica.Service is Replicas.Redis or Replicas.ClickHouse;

    private static void AddOwn(SortedDictionary<string, string> keys, Site site, Replica replica, Placement placement)
    {
        switch (replica.Service)
        {
            case Replicas.Api:
                keys["Redis__Endpoint"] = $"127.0.0.1:{Port(placement, "redis-1")}";
                keys["ClickHouse__Endpoint"] = Url(placement, "clickhouse-1");
                keys["ClickHouse__Database"] = ClickHouseDatabase;
                keys["ClickHouse__User"] = ClickHouseUser;
                keys["Public__Url"] = site.PublicUrl().AbsoluteUri.TrimEnd('/');
                break;
            case Replicas.Web:
                keys["Web__Root"] = $"{placement.ReleaseDirectory}/Web/wwwroot";
                break;
            case Replicas.Gateway:
                AddGateway(keys, site, placement);
                break;
            case Replicas.ClickHouse:
                keys["ClickHouse__DataDirectory"] = DataDirectory(placement, Replicas.ClickHouse);
                keys["ClickHouse__User"] = ClickHouseUser;
                keys["ClickHouse__MaxMemoryMegabytes"] = Text(site.Stores.ClickHouse.Memory.WholeMebibytes);
                keys["ClickHouse__Library"] = $"{placement.ReleaseDirectory}/libchdb.so";
                break;
            case Replicas.Redis when placement.EmbeddedRedis:
                keys["Redis__DataDirectory"] = DataDirectory(placement, Replicas.Redis);
                keys["Redis__Port"] = Port(placement, replica.Id);
                break;
        }
    }

    private static void AddGateway(SortedDictionary<string, string> keys, Site site, Placement placement)
    {
        keys["Listen__Admin"] = "fd:4";
        foreach (var target in Replicas.Of(site).Where(r => r.Service is Replicas.Api or Replicas.Web))
        {
            var list = target.Service == Replicas.Api ? "Api" : "Web";
            keys[string.Create(CultureInfo.InvariantCulture, $"Gateway__{list}__{target.Number - 1}")] = Url(placement, target.Id);
        }
        var gateway = site.Services.Gateway;
        keys["Gateway__RequestsPerMinute"] = Text(gateway.RequestsPerMinute);
        keys["Gateway__MaxRequestMegabytes"] = Text(gateway.MaxRequest.WholeMebibytes);
        if (site.Domain is { } domain)
        {
            keys["Gateway__Domain"] = domain;
            keys["Gateway__CertificateFile"] = Certificates.ChainFile(site, placement.StateDirectory);
            keys["Gateway__KeyFile"] = Certificates.KeyFile(site, placement.StateDirectory);
        }
    }

    private static void AddTraces(SortedDictionary<string, string> keys, Traces traces)
    {
        if (traces.Endpoint is { } endpoint)
        {
            keys["Traces__Endpoint"] = endpoint;
            keys["Traces__SampleRatio"] = traces.SampleRatio.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void AddRuntime(SortedDictionary<string, string> environment, Site site, Replica replica)
    {
        var resources = replica.Service switch
        {
            Replicas.Api => site.Services.Api.Resources,
            Replicas.Web => site.Services.Web.Resources,
            Replicas.Gateway => site.Services.Gateway.Resources,
            _ => new Resources(),
        };
        if (resources.Memory is { } memory)
        {
            environment["DOTNET_GCHeapHardLimit"] = memory.Bytes.ToString("X", CultureInfo.InvariantCulture);
        }
    }

    private static string Url(Placement placement, string socket) => $"http://127.0.0.1:{Port(placement, socket)}";

    private static string Port(Placement placement, string socket) => Text(placement.Ports[socket]);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
