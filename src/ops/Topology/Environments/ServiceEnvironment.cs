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
            ["Listen__Http"] = placement.Listen(site, replica),
            ["Logs__Level"] = site.Logs.Level.ToString(),
        };
        AddWhereNeeded(keys, replica, placement);
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

    public static bool IsStore(Replica replica) => replica.Service is Replicas.Redis or Replicas.ClickHouse;

    private static void AddWhereNeeded(SortedDictionary<string, string> keys, Replica replica, Placement placement)
    {
        foreach (var (key, value) in new[]
        {
            ("Listen__Admin", placement.ListenAdmin(replica)),
            ("Listen__HandOver", placement.HandOver(replica)),
            ("Listen__TrustedProxies", placement.TrustedProxies(replica)),
            ("Secrets__Directory", placement.SecretsDirectory(replica.Service)),
            ("Logs__File", placement.LogFile(replica)),
        })
        {
            if (value is not null)
            {
                keys[key] = value;
            }
        }
    }

    private static void AddOwn(SortedDictionary<string, string> keys, Site site, Replica replica, Placement placement)
    {
        switch (replica.Service)
        {
            case Replicas.Api:
                keys["Redis__Endpoint"] = placement.RedisEndpoint;
                AddClusters(keys, placement);
                keys["ClickHouse__Endpoint"] = placement.Url(new Replica(Replicas.ClickHouse, 1));
                keys["ClickHouse__Database"] = ClickHouseDatabase;
                keys["ClickHouse__User"] = ClickHouseUser;
                keys["Public__Url"] = site.PublicUrl().AbsoluteUri.TrimEnd('/');
                break;
            case Replicas.Web:
                keys["Web__Root"] = placement.WebRoot;
                if (placement.WebReleases is { } releases)
                {
                    keys["Web__Releases"] = releases;
                    keys["Web__KeepReleases"] = Text(site.Releases.Keep);
                }
                if (placement.WebPeers is { } peers)
                {
                    keys["Web__Peers"] = peers;
                }
                break;
            case Replicas.Gateway:
                AddGateway(keys, site, placement);
                break;
            case Replicas.ClickHouse:
                keys["ClickHouse__DataDirectory"] = placement.DataDirectory(Replicas.ClickHouse);
                keys["ClickHouse__User"] = ClickHouseUser;
                keys["ClickHouse__MaxMemoryMegabytes"] = Text(site.Stores.ClickHouse.Memory.WholeMebibytes);
                keys["ClickHouse__Library"] = placement.EngineLibrary;
                break;
            case Replicas.Redis when placement.EmbeddedRedis:
                keys["Redis__DataDirectory"] = placement.DataDirectory(Replicas.Redis);
                AddRedisAddress(keys, placement.RedisEndpoint);
                break;
        }
    }

    private static void AddClusters(SortedDictionary<string, string> keys, Placement placement)
    {
        if (placement.RedisPrimary is { } primary)
        {
            keys["Redis__Primary"] = primary;
        }
        if (placement.ClickHouseCluster is { } cluster)
        {
            keys["ClickHouse__Cluster"] = cluster;
        }
    }

    // In a container of its own it must be reached from outside of it.
    private static void AddRedisAddress(SortedDictionary<string, string> keys, string endpoint)
    {
        var (host, port) = (endpoint[..endpoint.LastIndexOf(':')], endpoint[(endpoint.LastIndexOf(':') + 1)..]);
        keys["Redis__Port"] = port;
        if (host != "127.0.0.1")
        {
            keys["Redis__Address"] = "0.0.0.0";
        }
    }

    private static void AddGateway(SortedDictionary<string, string> keys, Site site, Placement placement)
    {
        foreach (var (list, service) in new[] { ("Api", Replicas.Api), ("Web", Replicas.Web) })
        {
            foreach (var (index, target) in Replicas.Of(site, placement.Numbers).Where(r => r.Service == service).Index())
            {
                keys[string.Create(CultureInfo.InvariantCulture, $"Gateway__{list}__{index}")] = placement.Url(target);
            }
        }
        if (placement.HealthPort is { } port)
        {
            keys["Gateway__HealthPort"] = Text(port);
        }
        if (placement.ConnectionLifetime is { } lifetime)
        {
            keys["Gateway__ConnectionSeconds"] = Seconds(lifetime);
        }
        var gateway = site.Services.Gateway;
        keys["Gateway__RequestsPerMinute"] = Text(gateway.RequestsPerMinute);
        keys["Gateway__MaxRequestMegabytes"] = Text(gateway.MaxRequest.WholeMebibytes);
        if (placement.MaintenanceFile is { } maintenance)
        {
            keys["Gateway__MaintenanceFile"] = maintenance;
        }
        if (site.Domain is { } domain)
        {
            keys["Gateway__Domain"] = domain;
            (keys["Gateway__CertificateFile"], keys["Gateway__KeyFile"]) = placement.Certificate(site);
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

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
