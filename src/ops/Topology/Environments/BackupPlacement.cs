using System.Globalization;

namespace Provost.Topology.Environments;

/// <summary>
/// What the container that makes the backups of a site is told: where the stores and the platform answer. Written into its
/// environment by a renderer and read there by the tool. Never a secret.
/// </summary>
/// <param name="Release">Version and fingerprint of the images.</param>
/// <param name="Redis">HOST:PORT; of each sentinel, with commas between them, where there is a RedisPrimary.</param>
/// <param name="RedisData">Where the embedded server's files are mounted; null for a server that is reached over the network alone.</param>
/// <param name="ClickHouse">URL of its HTTP interface.</param>
/// <param name="Platform">URLs that replicas of the api may have; any that is there serves.</param>
public sealed record BackupPlacement(string Release, string Redis, string? RedisData, string ClickHouse, IReadOnlyList<string> Platform)
{
    /// <summary>State directory of the container: secrets, notes, the ledger of what was done there.</summary>
    public const string StateDirectory = "/provost";

    /// <summary>Destinations that are directories lie below it, each under its name.</summary>
    public const string Repositories = "/repositories";

    /// <summary>The release whose programs open copies of the stores.</summary>
    public const string Programs = "/release";

    /// <summary>Folder with the site's provost.yaml.</summary>
    public const string Configuration = "/etc/provost";

    /// <summary>Where the files of an embedded Redis are mounted.</summary>
    public const string EmbeddedRedisData = "/stores/redis";

    private const string Prefix = "PROVOST_Backup__";

    /// <summary>What sentinels call the primary; null for one server.</summary>
    public string? RedisPrimary { get; init; }

    public IReadOnlyDictionary<string, string> Environment()
    {
        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix + nameof(Release)] = Release,
            [Prefix + nameof(Redis)] = Redis,
            [Prefix + nameof(ClickHouse)] = ClickHouse,
        };
        if (RedisData is not null)
        {
            keys[Prefix + nameof(RedisData)] = RedisData;
        }
        if (RedisPrimary is not null)
        {
            keys[Prefix + nameof(RedisPrimary)] = RedisPrimary;
        }
        foreach (var (index, url) in Platform.Index())
        {
            keys[Numbered(index)] = url;
        }
        return keys;
    }

    /// <summary>Null outside of such a container.</summary>
    public static BackupPlacement? Read(Func<string, string?> environment)
    {
        var platform = Enumerable.Range(0, int.MaxValue).Select(i => environment(Numbered(i))).TakeWhile(url => url is not null).ToList();
        return environment(Prefix + nameof(Release)) is { } release && environment(Prefix + nameof(Redis)) is { } redis && environment(Prefix + nameof(ClickHouse)) is { } clickHouse
            ? new BackupPlacement(release, redis, environment(Prefix + nameof(RedisData)), clickHouse, platform!) { RedisPrimary = environment(Prefix + nameof(RedisPrimary)) } : null;
    }

    private static string Numbered(int index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{nameof(Platform)}__{index}");
}
