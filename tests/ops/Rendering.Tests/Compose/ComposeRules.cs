using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Compose;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Compose;

/// <summary>What a rendered Compose file must be. Written from the requirements, not from the renderer: each rule names what breaks it.</summary>
internal static partial class ComposeRules
{
    public static IReadOnlyList<string> Violations(JsonObject document, Site site)
    {
        List<string> found = [];
        void Need(bool holds, string what)
        {
            if (!holds)
            {
                found.Add(what);
            }
        }
        Need((string?)document["name"] == "north", "the project has the installation's name");
        Need(Same(Keys(document["services"]), Services(site)), "every service is there, and no other");
        Need(Same(Keys(document["networks"]), ["edge", "app", "data"]), "three networks");
        foreach (var network in new[] { "edge", "app", "data" })
        {
            Need((string?)document["networks"]?[network]?["driver"] == "bridge", $"{network} is a bridge");
            Need(network == "edge" || (string?)document["networks"]?[network]?["internal"] == "true", $"{network} has no way out");
        }
        foreach (var (name, service) in document["services"]?.AsObject() ?? [])
        {
            foreach (var violation in Service(name, service?.AsObject() ?? [], document, site))
            {
                found.Add($"{name}: {violation}");
            }
        }
        return found;
    }

    private static IEnumerable<string> Service(string name, JsonObject service, JsonObject document, Site site) => name == "backup"
        ? Hardening(service).Concat(Backup(service, site)).Concat(Mounts(name, service, document, site)).Concat(Secrets(service))
        : Hardening(service).Concat(Wiring(name, service, site)).Concat(Mounts(name, service, document, site)).Concat(Settings(name, service, site)).Concat(Secrets(service));

    private static IEnumerable<string> Hardening(JsonObject service)
    {
        string? At(params string[] path) => (string?)path.Aggregate((JsonNode?)service, (node, key) => node?[key]);
        var checks = new (bool Holds, string What)[]
        {
            (PinnedImage().IsMatch(At("image") ?? ""), "its image is pinned by digest"),
            (NumericUser().IsMatch(At("user") ?? ""), "it runs as a numeric user who is not root"),
            (At("restart") is "unless-stopped" or "on-failure:5", "it is restarted"),
            (At("read_only") == "true", "its root file system is read-only"),
            (Texts(service["cap_drop"]) is ["ALL"], "it has no capability"),
            (service["cap_add"] is null, "none is added"),
            (Texts(service["security_opt"]) is ["no-new-privileges:true"], "it gains no privilege"),
            (service["privileged"] is null && service["devices"] is null && At("pid") is null && At("ipc") is null, "it shares nothing with the machine"),
            (Texts(service["tmpfs"]).Any(t => t.StartsWith("/tmp:", StringComparison.Ordinal) && t.Contains("size=", StringComparison.Ordinal) && t.Contains("noexec", StringComparison.Ordinal)), "it has a small /tmp without programs"),
            (At("deploy", "resources", "limits", "cpus") is not null, "its CPUs are limited"),
            (At("deploy", "resources", "limits", "memory") is not null, "its memory is limited"),
            (At("deploy", "resources", "limits", "pids") is not null, "its processes are limited"),
            (At("deploy", "resources", "reservations", "memory") is not null, "memory is set aside for it"),
            (At("logging", "driver") == "json-file" && At("logging", "options", "max-size") is not null && At("logging", "options", "max-file") is not null, "its log is rotated"),
            (At("stop_grace_period") is "30s", "it has time to drain and to finish"),
        };
        return checks.Where(c => !c.Holds).Select(c => c.What);
    }

    private static IEnumerable<string> Wiring(string name, JsonObject service, Site site)
    {
        var (kind, isTool) = (name.Split('-')[0], name is "secrets" or "agent");
        if (isTool)
        {
            if ((string?)service["network_mode"] != "none")
            {
                yield return "it has no network";
            }
            var domain = site.Domain is not null && site.Https.Certificate is null ? $" --domain {site.Domain}" : "";
            var command = $"secrets init --directory /provost{domain}{(name == "agent" ? " --every 12h" : "")}";
            var waits = name == "secrets" || (string?)service["depends_on"]?["secrets"]?["condition"] == "service_completed_successfully";
            if (!waits || string.Join(' ', Texts(service["command"])) != command)
            {
                yield return "it makes secrets, once first and again when they are due";
            }
            if (name == "agent" && !IsAsked(service, "CMD /app/provost agent healthcheck"))
            {
                yield return "its schedule is asked whether it is alive";
            }
            if (name == "agent" && ((string?)service["labels"]?["provost.replica"] != "agent-1" || (string?)service["labels"]?["provost.service"] != "agent"))
            {
                yield return "it is labelled";
            }
            yield break;
        }
        if ((string?)service["labels"]?["provost.service"] != kind || (string?)service["labels"]?["provost.replica"] != (name.Contains('-', StringComparison.Ordinal) ? name : name + "-1"))
        {
            yield return "it is labelled with its service and replica";
        }
        var networks = kind switch { "edge" => new[] { "edge" }, "gateway" => ["app"], "api" => ["app", "data"], "web" => ["app"], _ => ["data"] };
        if (!Same(Texts(service["networks"]), networks))
        {
            yield return $"it reaches {string.Join(" and ", networks)}, and nothing else";
        }
        if (kind == "edge" ? service["ports"]?.AsArray() is not [{ } port] || !IsPublished(port, site) : service["ports"] is not null)
        {
            yield return "the holder of the public socket alone is published";
        }
        if (kind == "edge" && Texts(service["command"]) is not ["hold"])
        {
            yield return "it holds the public socket";
        }
        foreach (var violation in Health(kind, service, site).Concat(Needs(kind, service, site)))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Health(string kind, JsonObject service, Site site)
    {
        var question = kind switch
        {
            "api" => "CMD /app/Provost.Api healthcheck",
            "web" => "CMD /app/Provost.WebHost healthcheck",
            "gateway" => "CMD /app/Provost.Gateway healthcheck",
            "edge" => "CMD /app/Provost.Gateway hold --check",
            "redis" when site.Stores.Redis.Server is not RedisServer.Embedded => "CMD redis-cli -e --user probe --pass probe --no-auth-warning ping",
            "clickhouse" when site.Stores.ClickHouse.Server is not ClickHouseServer.Embedded => "CMD wget -q -O /dev/null http://127.0.0.1:8123/ping",
            _ => "CMD /app/Provost.Stores healthcheck",
        };
        if (!IsAsked(service, question))
        {
            yield return "its health is asked, within limits";
        }
    }

    private static bool IsAsked(JsonObject service, string question) => string.Join(' ', Texts(service["healthcheck"]?["test"])) == question
        && new[] { "interval", "timeout", "retries", "start_period" }.All(key => service["healthcheck"]?[key] is not null);

    private static IEnumerable<string> Needs(string kind, JsonObject service, Site site)
    {
        var issued = site.Domain is not null && site.Https.Certificate is null;
        var needed = Services(site).Where(other => Replicas.Needs(kind).Contains(other.Split('-')[0])).ToDictionary(other => other, _ => "service_healthy");
        if (kind is "api" or "redis" or "clickhouse" || (kind == "gateway" && issued))
        {
            needed["secrets"] = "service_completed_successfully";
        }
        if (kind == "gateway")
        {
            needed["edge"] = "service_healthy";
        }
        var has = (service["depends_on"]?.AsObject() ?? []).Select(p => $"{p.Key} {(string?)p.Value?["condition"]}");
        if (!Same(has, needed.Select(p => $"{p.Key} {p.Value}")))
        {
            yield return $"it waits for {string.Join(", ", needed.Keys)}";
        }
    }

    private static bool IsPublished(JsonNode port, Site site) =>
        (string?)port["target"] == (site.Domain is null ? "8080" : "8443") && ((string?)port["published"])?.EndsWith(site.Domain is null ? ":-8080}" : ":-8443}", StringComparison.Ordinal) == true
        && ((string?)port["host_ip"])?.EndsWith(site.Domain is null ? ":-127.0.0.1}" : ":-0.0.0.0}", StringComparison.Ordinal) == true && (string?)port["protocol"] == "tcp";

    private static IEnumerable<string> Settings(string name, JsonObject service, Site site)
    {
        if (name == "edge")
        {
            var (from, to) = ((string?)service["environment"]?["PROVOST_Listen__Http"], (string?)service["environment"]?["PROVOST_Listen__HandOver"]);
            if (from != (site.Domain is null ? "tcp:0.0.0.0:8080" : "tcp:0.0.0.0:8443") || to != "/provost/edge/public.sock")
            {
                yield return "it gives the socket of the public port";
            }
        }
        var replica = ComposeNames.Replicas(site).FirstOrDefault(r => ComposeNames.Service(site, r) == name);
        var embedded = replica?.Service switch { "redis" => site.Stores.Redis.Server is RedisServer.Embedded, "clickhouse" => site.Stores.ClickHouse.Server is ClickHouseServer.Embedded, null => false, _ => true };
        if (!embedded)
        {
            foreach (var violation in OfficialImage(name, service))
            {
                yield return violation;
            }
            yield break;
        }
        var hosts = ComposeNames.Replicas(site).ToDictionary(r => r.Id, r => ComposeNames.Service(site, r));
        var placement = new ContainerPlacement("1.2.3+abc", hosts) { EmbeddedRedis = site.Stores.Redis.Server is RedisServer.Embedded, EmbeddedClickHouse = site.Stores.ClickHouse.Server is ClickHouseServer.Embedded, RunsBeside = true };
        var wanted = ServiceEnvironment.For(new Installation { Name = "north" }, site, replica!, placement).Keys;
        if (!Same(Keys(service["environment"]), wanted))
        {
            yield return "it has the settings that the model gives it";
        }
        if (replica!.Service is "redis" or "clickhouse" && Texts(service["command"]).SingleOrDefault() != replica.Service)
        {
            yield return "it is told which store to be";
        }
    }

    private static IEnumerable<string> OfficialImage(string name, JsonObject service)
    {
        var checks = name switch
        {
            "redis" => new (bool Holds, string What)[]
            {
                (Texts(service["command"]) is ["redis-server", "/etc/redis/redis.conf"], "it reads its configuration"),
                (Texts(service["group_add"]) is ["1654"], "its group may read its secrets"),
            },
            "clickhouse" =>
            [
                (Texts(service["group_add"]) is ["1654"], "its group may read its secrets"),
                ((string?)service["environment"]?["CLICKHOUSE_SKIP_USER_SETUP"] == "1" && (string?)service["environment"]?["CLICKHOUSE_DO_NOT_CHOWN"] == "1", "its start script writes no user of its own"),
                (Texts(service["tmpfs"]).Any(t => t.StartsWith("/var/log/clickhouse-server:uid=101", StringComparison.Ordinal)), "it may write where it logs"),
            ],
            _ => [],
        };
        return checks.Where(c => !c.Holds).Select(c => c.What);
    }

    private static IEnumerable<string> Secrets(JsonObject service) => (service["environment"]?.AsObject() ?? [])
        .Where(p => SecretName().IsMatch(p.Key) || Topology.Environments.Secrets.All.Any(s => p.Key == "PROVOST_" + s.Name)).Select(p => $"no secret is in the environment: {p.Key}");

    private static List<string> Services(Site site) =>
    [
        "secrets", "edge", "backup", .. ComposeNames.Replicas(site).Select(r => ComposeNames.Service(site, r)), .. site.Domain is not null && site.Https.Certificate is null ? new[] { "agent" } : [],
    ];

    private static bool Same(IEnumerable<string> left, IEnumerable<string> right) => left.Order(StringComparer.Ordinal).SequenceEqual(right.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Keys(JsonNode? node) => node is JsonObject map ? map.Select(p => p.Key) : [];

    private static List<string> Texts(JsonNode? node) => node is JsonArray list ? [.. list.Select(i => (string?)i ?? "")] : [];

    [GeneratedRegex("@sha256:[0-9a-f]{64}$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("^[1-9][0-9]*:[1-9][0-9]*$")]
    private static partial Regex NumericUser();

    [GeneratedRegex("password|token|secret(?!s__Directory)|_key$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
