using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>What every part of a rendering looks at.</summary>
internal sealed class ComposeContext(Installation installation, string siteName, ComposeRequest request)
{
    /// <summary>Who gets a volume of secrets; nobody mounts that of another.</summary>
    public static IReadOnlyList<string> SecretOwners { get; } = [.. Secrets.Directories.Where(d => Secrets.Of(d).Any())];

    public Site Site { get; } = installation.Sites[siteName];

    public string Project { get; } = ComposeNames.Project(installation, siteName);

    public bool IsDevelopment => request.Flavour is ComposeFlavour.Development;

    /// <summary>Whether a holder keeps the public socket; in development the gateway has the port itself.</summary>
    public bool HasEdge => !IsDevelopment;

    public string? Sources => request.Sources;

    public IReadOnlyList<Replica> Replicas { get; } = ComposeNames.Replicas(installation.Sites[siteName], request.Numbers);

    /// <summary>Those that are compiled where they run.</summary>
    public IEnumerable<Replica> DevelopmentReplicas => Replicas.Where(r => IsDevelopment && Development.IsFromSources(r.Service));

    public bool EmbeddedRedis => Site.Stores.Redis.Server is RedisServer.Embedded;

    public bool EmbeddedClickHouse => Site.Stores.ClickHouse.Server is ClickHouseServer.Embedded;

    public string SiteName => siteName;

    public string Configuration => request.Configuration;

    public string Image(string name) => request.Images[name];

    public string Service(Replica replica) => ComposeNames.Service(Site, replica);

    public string DataVolume(string store) => ComposeNames.DataVolume(store, store == Topology.Environments.Replicas.Redis ? EmbeddedRedis : EmbeddedClickHouse);

    public Map Environment(Replica replica)
    {
        var map = new Map();
        foreach (var (key, value) in ServiceEnvironment.For(installation, Site, replica, Placement))
        {
            map[key] = EnvironmentFile.Variable(key) is { } variable ? $"${{{variable}:-{Default(key, value)}}}" : value;
        }
        return map;
    }

    /// <summary>Where the stores and the platform answer the container that makes backups.</summary>
    public BackupPlacement BackupPlacement() => new(
        request.Release, Placement.RedisEndpoint, EmbeddedRedis ? Topology.Environments.BackupPlacement.EmbeddedRedisData : null,
        Placement.Url(new Replica(Topology.Environments.Replicas.ClickHouse, 1)),
        [.. Replicas.Where(r => r.Service == Topology.Environments.Replicas.Api).Select(Placement.Url).Union(Successors())]);

    // A new release starts beside the old one, under numbers that are free.
    private IEnumerable<string> Successors() => Enumerable.Range(1, 2 * Site.Services.Api.Replicas)
        .Select(number => $"http://{new Replica(Topology.Environments.Replicas.Api, number).Id}:{ContainerPlacement.HttpPort}");

    // Whoever moves the port moves the address that people type.
    private string Default(string key, string value) => key == "PROVOST_Public__Url" && Site.Domain is null && value.EndsWith($":{Site.Http.Port}", StringComparison.Ordinal)
        ? $"{value[..value.LastIndexOf(':')]}:${{PROVOST_PORT:-{Site.Http.Port}}}" : value;

    private ContainerPlacement Placement => new(request.Release, Replicas.ToDictionary(r => r.Id, Service))
    {
        Numbers = request.Numbers ?? new Dictionary<string, IReadOnlyList<int>>(),
        RunsBeside = HasEdge,
        EmbeddedRedis = EmbeddedRedis,
        EmbeddedClickHouse = EmbeddedClickHouse,
    };
}
