using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>What things are called under Compose.</summary>
public static class ComposeNames
{
    /// <summary>Makes the secrets that are missing, then ends; everybody waits for it.</summary>
    public const string SecretsService = "secrets";

    /// <summary>Runs what is scheduled.</summary>
    public const string AgentService = "agent";

    /// <summary>Makes the backups, on its schedule and when it is asked to.</summary>
    public const string BackupService = "backup";

    /// <summary>What the backup container remembers, and copies that are restored to be counted.</summary>
    public const string BackupWorkVolume = "backup-work";

    /// <summary>Destinations that are directories and name no place of the machine.</summary>
    public const string BackupsVolume = "backups";

    /// <summary>Holds the public socket, whichever gateway serves it.</summary>
    public const string EdgeService = "edge";

    /// <summary>Through it gateways get the public socket.</summary>
    public const string EdgeVolume = "edge";

    /// <summary>Pages of earlier releases.</summary>
    public const string ReleasesVolume = "web-releases";

    /// <summary>Variable of .env that ends the engine's names of the volumes with data and secrets: a restore fills new ones and then names them here.</summary>
    public const string VolumesVariable = "PROVOST_VOLUMES";

    /// <summary>The project: names of containers, networks and volumes begin with it.</summary>
    public static string Project(Installation installation, string site) => installation.Sites.Count == 1 ? installation.Name : $"{installation.Name}-{site}";

    /// <summary>The replicas of a site.</summary>
    /// <param name="numbers">Numbers of the copies by service, where they do not count from 1.</param>
    public static IReadOnlyList<Replica> Replicas(Site site, IReadOnlyDictionary<string, IReadOnlyList<int>>? numbers = null) =>
        Topology.Environments.Replicas.Of(OneGateway(site), numbers);

    /// <summary>For each service that is renewed, numbers that no running replica has.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Beside(Site site, IReadOnlyCollection<string> running) =>
        Topology.Environments.Replicas.Beside(OneGateway(site), running);

    /// <summary>The Compose service of a replica: what there is one of is called by its name, copies are numbered.</summary>
    public static string Service(Site site, Replica replica) =>
        replica.Number == 1 && Replicas(site).Count(r => r.Service == replica.Service) == 1 ? replica.Service : replica.Id;

    public static string SecretsVolume(string service) => $"secrets-{service}";

    /// <summary>Named for the engine too: neither reads the data of the other.</summary>
    public static string DataVolume(string store, bool embedded) => embedded ? $"{store}-embedded-data" : $"{store}-data";

    /// <summary>The volumes that belong together: the data, and the secrets that they were written with.</summary>
    public static IReadOnlyList<string> StoredVolumes(Site site) =>
    [
        DataVolume(Topology.Environments.Replicas.Redis, site.Stores.Redis.Server is RedisServer.Embedded),
        DataVolume(Topology.Environments.Replicas.ClickHouse, site.Stores.ClickHouse.Server is ClickHouseServer.Embedded),
        .. Secrets.Directories.Where(d => Secrets.Of(d).Any()).Select(SecretsVolume),
    ];

    /// <summary>What the engine calls a volume of a project.</summary>
    /// <param name="ending">Value of <see cref="VolumesVariable"/>.</param>
    public static string EngineVolume(string project, string volume, string ending) => $"{project}_{volume}{ending}";

    public const string CertificatesVolume = "certificates";

    /// <summary>The key of the own certificate authority: nobody but the agent mounts it.</summary>
    public const string AuthorityVolume = "authority";

    // It is replaced without a break, and while none runs the socket stays open.
    private static Site OneGateway(Site site) => site with { Services = site.Services with { Gateway = site.Services.Gateway with { Replicas = 1 } } };
}
