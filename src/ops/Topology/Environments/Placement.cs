namespace Provost.Topology.Environments;

/// <summary>What is known only where services run: where they listen, where they find each other, where their files lie.</summary>
/// <param name="Release">Version and fingerprint: "0.1.0+abc123".</param>
public abstract record Placement(string Release)
{
    /// <summary>
    /// Numbers of the running copies of a service, where they do not count from 1: a new release starts beside the old one
    /// under numbers that are free.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Numbers { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>Whether Redis is the embedded server.</summary>
    public abstract bool EmbeddedRedis { get; init; }

    /// <summary>Where a replica is served, in the grammar of Listen:Http.</summary>
    public abstract string Listen(Model.Site site, Replica replica);

    /// <summary>The port on which replicas answer for their health; null for the port of their address.</summary>
    public virtual int? HealthPort => null;

    /// <summary>How long the gateway uses a connection, where one address stands for several replicas; null where each has its own.</summary>
    public virtual TimeSpan? ConnectionLifetime => null;

    /// <summary>Where its health and metrics are served alone; null when they are served beside the rest.</summary>
    public abstract string? ListenAdmin(Replica replica);

    /// <summary>Socket by which it gives its listening sockets away; null where nobody takes them.</summary>
    public abstract string? HandOver(Replica replica);

    /// <summary>The file that its standard output is; null where the runtime collects it.</summary>
    public abstract string? LogFile(Replica replica);

    /// <summary>Networks whose word about the client's address is believed; null for this machine alone.</summary>
    public abstract string? TrustedProxies(Replica replica);

    /// <summary>Null for a service without secrets, where it has no folder for them.</summary>
    public abstract string? SecretsDirectory(string service);

    public abstract string DataDirectory(string store);

    /// <summary>Redis as its clients reach it: HOST:PORT.</summary>
    public abstract string RedisEndpoint { get; }

    /// <summary>What the sentinels of a replicated Redis call its primary: the endpoint is theirs then. Null for one server.</summary>
    public virtual string? RedisPrimary => null;

    /// <summary>The cluster that the replicas of ClickHouse form; null for one server.</summary>
    public virtual string? ClickHouseCluster => null;

    /// <summary>A replica as the others reach it.</summary>
    public abstract string Url(Replica replica);

    /// <summary>The published bundle.</summary>
    public abstract string WebRoot { get; }

    /// <summary>Where the releases lie, each with its bundle; null where a replica sees only its own.</summary>
    public abstract string? WebReleases { get; }

    /// <summary>The other replicas of the web host as HOST:PORT, where each has only the bundle of its own release.</summary>
    public virtual string? WebPeers => null;

    /// <summary>The embedded ClickHouse.</summary>
    public abstract string EngineLibrary { get; }

    /// <summary>While this file is there, the gateway tells users that the platform is being maintained; null where there is none.</summary>
    public abstract string? MaintenanceFile { get; }

    /// <summary>Where the certificate and its key lie, unless the operator supplies them.</summary>
    public abstract (string Chain, string Key) Certificate(Model.Site site);
}
