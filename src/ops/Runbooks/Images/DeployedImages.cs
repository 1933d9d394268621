using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Releases;
using Provost.Topology.Model;

namespace Provost.Runbooks.Images;

/// <summary>The images that a site runs: by digest where the lock file knows it, otherwise by a tag that names one version.</summary>
/// <param name="References">By name: "backend", "gateway", ..., "redis", "clickhouse", "sdk".</param>
/// <param name="Unpinned">Those that have no digest yet.</param>
public sealed record DeployedImages(string Release, IReadOnlyDictionary<string, string> References, IReadOnlyList<string> Unpinned)
{
    private const string Sdk = "mcr.microsoft.com/dotnet/sdk:10.0.401-noble";

    public const string LockName = "images.lock.json";

    /// <summary>The lock file beside provost.yaml, or else that of the checkout: what a site runs is written where the site is described.</summary>
    public static string LockFile(string folder, Checkout? checkout)
    {
        var beside = Path.Combine(folder, LockName);
        return File.Exists(beside) || checkout is null ? beside : Path.Combine(checkout.Root, "deploy", LockName);
    }

    /// <param name="built">What a build of these sources is called; used for images that the lock file does not name.</param>
    public static DeployedImages Of(Site site, ImageLock locked, string prefix, ImageTags built)
    {
        Dictionary<string, string> references = new(StringComparer.Ordinal);
        List<string> unpinned = [];
        foreach (var name in ImageDefinition.All.Select(i => i.Name).Where(n => n != "wasm-builder"))
        {
            references[name] = locked.Images.TryGetValue(name, out var image) ? image.Pinned : $"{prefix}/{name}:{built.Version}-{built.Revision}";
        }
        foreach (var (name, reference) in new[] { ("redis", site.Stores.Redis.Image), ("clickhouse", site.Stores.ClickHouse.Image), ("sdk", Sdk) })
        {
            references[name] = Pinned(reference, locked);
        }
        unpinned.AddRange(references.Where(r => IsRun(r.Key, site) && !r.Value.Contains('@', StringComparison.Ordinal)).Select(r => r.Value));
        var release = locked.Images.TryGetValue("backend", out var backend) ? $"{backend.Version}+{backend.Revision}" : $"{built.Version}+{built.Revision}";
        return new DeployedImages(release, references, unpinned);
    }

    /// <summary>Images of others that the Compose sites and a registry of the installation's own run, by tags: those whose digests are worth recording.</summary>
    public static IReadOnlyList<string> OfOthers(Installation installation) =>
    [
        .. installation.Registry.Own is null ? [] : new[] { RegistryFiles.Image },
        .. installation.Sites.Values.Where(site => site.Target is Target.Compose)
            .SelectMany(site => new[] { ("redis", site.Stores.Redis.Image), ("clickhouse", site.Stores.ClickHouse.Image) }.Where(image => IsRun(image.Item1, site)))
            .Select(image => image.Item2).Where(image => !image.Contains('@', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Those that run on the site.</summary>
    public IReadOnlyList<string> Run(Site site) => [.. References.Where(r => IsRun(r.Key, site)).Select(r => r.Value)];

    private static bool IsRun(string name, Site site)
    {
        var (redis, clickHouse) = (site.Stores.Redis.Server is RedisServer.Embedded, site.Stores.ClickHouse.Server is ClickHouseServer.Embedded);
        return name switch
        {
            "redis" => !redis,
            "clickhouse" => !clickHouse,
            "stores" => redis || clickHouse,
            "sdk" => false,
            _ => true,
        };
    }

    private static string Pinned(string reference, ImageLock locked) =>
        !reference.Contains('@', StringComparison.Ordinal) && locked.Bases.TryGetValue(reference, out var digest) ? $"{reference}@{digest}" : reference;
}
