using System.Text.Json.Nodes;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Compose;

/// <summary>What the container that makes backups is given.</summary>
internal static partial class ComposeRules
{
    private static IEnumerable<string> Backup(JsonObject service, Site site)
    {
        var outside = site.Backup.Destinations.Values.Any(d => d.Bucket is not null);
        var checks = new (bool Holds, string What)[]
        {
            (string.Join(' ', Texts(service["command"])) == "agent backups --config /etc/provost/provost.yaml --site campus", "it runs the schedule of the site"),
            (Same(Texts(service["networks"]), outside ? ["app", "data", "edge"] : ["app", "data"]), "it reaches the stores and the platform, and the outside for buckets alone"),
            (IsAsked(service, "CMD /app/provost agent healthcheck"), "its schedule is asked whether it is alive"),
            ((string?)service["depends_on"]?["secrets"]?["condition"] == "service_completed_successfully", "it waits for the secrets"),
            ((string?)service["labels"]?["provost.service"] == "backup" && (string?)service["labels"]?["provost.replica"] == "backup-1", "it is labelled"),
            (((string?)service["labels"]?["provost.configuration"])?.Length == 16, "another provost.yaml starts another container"),
            (service["ports"] is null, "nothing of it is published"),
            (Same((service["environment"]?.AsObject() ?? []).Select(p => $"{p.Key}={(string?)p.Value}"), Told(site)), "it is told where the stores and the platform answer"),
        };
        return checks.Where(c => !c.Holds).Select(c => c.What);
    }

    private static IEnumerable<string> Told(Site site)
    {
        yield return "PROVOST_Backup__Release=1.2.3+abc";
        yield return "PROVOST_Backup__Redis=redis:6379";
        yield return $"PROVOST_Backup__ClickHouse=http://clickhouse:{(site.Stores.ClickHouse.Server is ClickHouseServer.Embedded ? 8080 : 8123)}";
        yield return "PROVOST_Backup__Platform__0=http://api-1:8080";
        yield return "PROVOST_Backup__Platform__1=http://api-2:8080";
        yield return "PROVOST_Backup__Platform__2=http://api-3:8080";
        yield return "PROVOST_Backup__Platform__3=http://api-4:8080";
        if (site.Stores.Redis.Server is RedisServer.Embedded)
        {
            yield return "PROVOST_Backup__RedisData=/stores/redis";
        }
    }

    private static IEnumerable<string> BackupMounts(Site site) =>
    [
        "volume backup-work /provost writable", "volume backups /repositories writable",
        "volume secrets-api /provost/secrets/api read-only never-filled", $"volume secrets-{Topology.Environments.Secrets.Operator} /provost/secrets/operator writable never-filled",
        "bind ./backup/provost.yaml /etc/provost/provost.yaml read-only",
        .. site.Stores.Redis.Server is RedisServer.Embedded ? new[] { "volume redis-embedded-data /stores read-only never-filled" } : [],
        .. site.Backup.Destinations.Where(d => d.Value.Directory?.StartsWith('/') == true).Select(d => $"bind {d.Value.Directory} /repositories/{d.Key} writable"),
    ];
}
