using System.Text.Json.Nodes;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Compose;

internal static partial class ComposeRules
{
    /// <summary>Who mounts what: nobody the secrets of another, and services read what the tool writes.</summary>
    private static IEnumerable<string> Mounts(string name, JsonObject service, JsonObject document, Site site)
    {
        var mounts = (service["volumes"]?.AsArray() ?? []).Select(v => Describe(v!)).ToList();
        var wanted = Wanted(name, site).ToList();
        foreach (var missing in wanted.Except(mounts))
        {
            yield return $"it mounts {missing}";
        }
        foreach (var extra in mounts.Except(wanted))
        {
            yield return $"it does not mount {extra}";
        }
        foreach (var volume in wanted.Where(w => w.StartsWith("volume ", StringComparison.Ordinal)).Select(w => w.Split(' ')[1]).Where(v => document["volumes"]?.AsObject().ContainsKey(v) != true))
        {
            yield return $"its volume {volume} is declared";
        }
        // A restore fills new volumes, all of them together, and returns to the old ones when it fails.
        foreach (var volume in (document["volumes"]?.AsObject() ?? []).Where(v => (v.Key.EndsWith("-data", StringComparison.Ordinal) || v.Key.StartsWith("secrets-", StringComparison.Ordinal))
            && (string?)v.Value?["name"] != $"${{COMPOSE_PROJECT_NAME}}_{v.Key}${{PROVOST_VOLUMES:-}}"))
        {
            yield return $"its volume {volume.Key} can be exchanged by .env";
        }
    }

    private static string Describe(JsonNode mount) => string.Join(' ', new[]
    {
        (string?)mount["type"] ?? "?", (string?)mount["source"] ?? "?", (string?)mount["target"] ?? "?",
        (string?)mount["read_only"] == "true" ? "read-only" : "writable", (string?)mount["volume"]?["nocopy"] == "true" ? "never-filled" : "",
    }).TrimEnd();

    private static IEnumerable<string> Wanted(string name, Site site)
    {
        var issued = site.Domain is not null && site.Https.Certificate is null;
        var (redis, clickHouse) = (site.Stores.Redis.Server is RedisServer.Embedded, site.Stores.ClickHouse.Server is ClickHouseServer.Embedded);
        return name.Split('-')[0] switch
        {
            "secrets" or "agent" =>
            [
                .. new[] { "redis", "clickhouse", "api", "operator" }.Select(s => $"volume secrets-{s} /provost/secrets/{s} writable"),
                .. issued ? new[] { "volume certificates /provost/certificates writable", "volume authority /provost/authority writable" } : [],
            ],
            "redis" => [redis ? "volume redis-embedded-data /data writable" : "volume redis-data /data writable", Secret("redis"), .. redis ? [] : new[] { "bind ./redis/redis.conf /etc/redis/redis.conf read-only" }],
            "clickhouse" when clickHouse => ["volume clickhouse-embedded-data /data writable", Secret("clickhouse")],
            "clickhouse" =>
            [
                "volume clickhouse-data /var/lib/clickhouse writable", "bind ./clickhouse/config.xml /etc/clickhouse-server/config.d/provost.xml read-only",
                "volume secrets-clickhouse /etc/clickhouse-server/users.d read-only never-filled",
            ],
            "api" => [Secret("api")],
            "backup" => BackupMounts(site),
            "gateway" when issued => [$"volume certificates {ContainerPlacement.CertificatesPath} read-only never-filled", "volume edge /provost/edge writable"],
            "gateway" when site.Domain is not null => ["bind /etc/chain.pem /run/certificates/server.crt read-only", "bind /etc/key.pem /run/certificates/server.key read-only", "volume edge /provost/edge writable"],
            "gateway" or "edge" => ["volume edge /provost/edge writable"],
            "web" => ["volume web-releases /provost/releases writable"],
            _ => [],
        };
    }

    private static string Secret(string service) => $"volume secrets-{service} {ContainerPlacement.SecretsPath} read-only never-filled";
}
