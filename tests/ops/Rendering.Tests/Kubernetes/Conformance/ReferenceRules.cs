using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes.Manifests;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>Whatever names something else: it is there, it is the right one, and nothing is there that nobody names.</summary>
internal static partial class ReferenceRules
{
    public static IEnumerable<string> Violations(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        foreach (var body in objects)
        {
            if (WorkloadRules.Pod(body)?["spec"] is JsonObject spec)
            {
                foreach (var violation in Volumes(spec).Concat(Items(spec["containers"]).SelectMany(container => Container(site, objects, body, spec, container))))
                {
                    yield return $"{body["kind"]} {Name(body)}: {violation}";
                }
            }
        }
        foreach (var violation in Unused(objects).Concat(Addresses(objects)))
        {
            yield return violation;
        }
    }

    public static string Name(JsonObject body) => (string?)body["metadata"]?["name"] ?? "";

    private static IEnumerable<string> Volumes(JsonObject spec)
    {
        var mounted = Items(spec["containers"]).SelectMany(c => Items(c["volumeMounts"])).Select(m => (string?)m["name"]).ToHashSet();
        foreach (var volume in Items(spec["volumes"]))
        {
            var kind = volume.Select(p => p.Key).FirstOrDefault(key => key != "name");
            var problem = kind switch
            {
                "emptyDir" when Amounts.Of(volume[kind]?["sizeLimit"]) > 0 => null,
                "emptyDir" => "a scratch volume without a limit can fill the node's disk",
                "secret" when volume[kind]?["secretName"] is not null && (int?)volume[kind]?["defaultMode"] == 288 => null,
                "secret" => "a secret is read by its group and by nobody else (0440)",
                "configMap" when volume[kind]?["name"] is not null && (int?)volume[kind]?["defaultMode"] is 288 or 360 => null,
                "configMap" => "configuration is read by its group and by nobody else (0440, programs 0550)",
                "projected" when Items(volume[kind]?["sources"]).Any(IsVaultToken) => null,
                "projected" when Items(volume[kind]?["sources"]).All(source => source["secret"] is not null) && (int?)volume[kind]?["defaultMode"] == 288 => null,
                "projected" => "a token is good for Vault alone, and not for long; secrets are read by their group and by nobody else (0440)",
                "persistentVolumeClaim" when volume[kind]?["claimName"] is not null => null,
                _ => $"no rule is about a volume of {kind}",
            };
            if (problem is not null)
            {
                yield return problem;
            }
            if (!Items(volume[kind ?? ""]?["sources"]).Any(IsVaultToken) && !mounted.Contains((string?)volume["name"]))
            {
                yield return $"nobody mounts the volume {volume["name"]}";
            }
        }
    }

    private static bool IsVaultToken(JsonObject source) => source["serviceAccountToken"] is { } token
        && (string?)token["audience"] == "vault" && (int?)token["expirationSeconds"] <= 3600 && token["path"] is not null;

    private static IEnumerable<string> Container(ClusterSite site, IReadOnlyList<JsonObject> objects, JsonObject body, JsonObject spec, JsonObject container)
    {
        var program = Program.Of(objects, spec, container);
        foreach (var problem in program.Problems(site).Concat(Probes(program, container)).Concat(Paths(body, spec, container, program)))
        {
            yield return $"{container["name"]}: {problem}";
        }
        foreach (var map in Items(container["envFrom"]).Select(from => (string?)from["configMapRef"]?["name"]).Where(map => !Has(objects, "ConfigMap", map)))
        {
            yield return $"there is no ConfigMap {map}";
        }
    }

    private static IEnumerable<string> Probes(Program program, JsonObject container)
    {
        var ports = Items(container["ports"]).Select(p => (string?)p["name"]).ToHashSet();
        foreach (var (key, probe) in container.Where(p => p.Key.EndsWith("Probe", StringComparison.Ordinal)))
        {
            if ((probe?["httpGet"]?["port"] ?? probe?["tcpSocket"]?["port"]) is { } port && !ports.Contains(port.ToString()))
            {
                yield return $"{key} asks a port that is not there";
            }
            if (probe?["exec"] is { } exec && program.Problem(Texts(exec["command"])) is { } problem)
            {
                yield return $"{key}: {problem}";
            }
        }
        if (container["lifecycle"]?["preStop"] is { } stop && program.Problem(Texts(stop["exec"]?["command"])) is { } wrong)
        {
            yield return $"preStop: {wrong}";
        }
        if (program.Text.Contains("start-redis.sh", StringComparison.Ordinal) && container["lifecycle"]?["preStop"] is null)
        {
            yield return "a primary that stops would not hand over first";
        }
    }

    // The root file system is read-only: what a program names must be mounted, and be writable where it writes.
    private static IEnumerable<string> Paths(JsonObject body, JsonObject spec, JsonObject container, Program program)
    {
        var volumes = Items(spec["volumes"]).Concat(Items(body["spec"]?["volumeClaimTemplates"]).Select(claim => new JsonObject { ["name"] = (string?)claim["metadata"]?["name"], ["claim"] = true }))
            .ToDictionary(v => (string?)v["name"] ?? "", v => v);
        var mounts = Items(container["volumeMounts"]).Select(m => (Path: (string?)m["mountPath"] ?? "", Volume: volumes.GetValueOrDefault((string?)m["name"] ?? ""), ReadOnly: (bool?)m["readOnly"] == true)).ToList();
        if (mounts.Any(m => m.Volume is null))
        {
            yield return "it mounts a volume that is not there";
        }
        var injected = (string?)WorkloadRules.Pod(body)?["metadata"]?["annotations"]?["vault.hashicorp.com/secret-volume-path"];
        foreach (var path in program.Paths.Append("/tmp/x").Distinct().Where(path => injected is null || !(path + "/").StartsWith(injected + "/", StringComparison.Ordinal)))
        {
            if (!mounts.Any(m => path == m.Path || path.StartsWith(m.Path + "/", StringComparison.Ordinal)))
            {
                yield return $"{path} is not mounted";
            }
        }
        foreach (var parts in Items(container["volumeMounts"]).GroupBy(m => (string?)m["name"]).Where(g => g.Count() > 1 && g.Select(m => (string?)m["subPath"]).OfType<string>().Distinct().Count() < g.Count()))
        {
            yield return $"two places would be one: {parts.Key}";
        }
        foreach (var (path, volume, readOnly) in mounts.Where(m => (m.Volume?["secret"] ?? m.Volume?["configMap"] ?? m.Volume?["projected"]) is not null && !m.ReadOnly))
        {
            yield return $"{path} is for reading";
        }
        if (mounts.Any(m => m.ReadOnly && m.Volume is not null && m.Volume["secret"] is null && m.Volume["configMap"] is null && m.Volume["persistentVolumeClaim"] is null && m.Volume["projected"] is null))
        {
            yield return "what is for writing is mounted for reading";
        }
        foreach (var mount in mounts.Where(m => !program.Paths.Append("/tmp/x").Any(path => path == m.Path || path.StartsWith(m.Path + "/", StringComparison.Ordinal))))
        {
            yield return $"nobody needs what is mounted at {mount.Path}";
        }
    }

    private static IEnumerable<string> Unused(IReadOnlyList<JsonObject> objects)
    {
        var pods = objects.Select(WorkloadRules.Pod).OfType<JsonObject>().Select(pod => pod.ToJsonString()).ToList();
        return objects.Where(o => (string?)o["kind"] == "ConfigMap" && !pods.Any(pod => pod.Contains($"\"{Name(o)}\"", StringComparison.Ordinal))).Select(o => $"nobody uses the ConfigMap {Name(o)}");
    }

    // Every address of ours in the configuration leads to a Service, and from there to a port of a pod.
    private static IEnumerable<string> Addresses(IReadOnlyList<JsonObject> objects)
    {
        var services = objects.Where(o => (string?)o["kind"] == "Service").ToDictionary(Name, o => o);
        foreach (var (map, text) in objects.Where(o => (string?)o["kind"] == "ConfigMap").SelectMany(o => (o["data"] as JsonObject ?? []).Select(p => (Name(o), p.Value?.ToString() ?? ""))))
        {
            foreach (Match address in Address().Matches(text))
            {
                var (host, port) = (address.Groups["host"].Value, address.Groups["port"].Value);
                if (services.TryGetValue(host, out var service) && !Items(service["spec"]?["ports"]).Any(p => p["port"]?.ToString() == port))
                {
                    yield return $"{map} goes to {host}:{port}, which the Service does not have";
                }
                else if (service is null && Known().IsMatch(host))
                {
                    yield return $"{map} goes to {host}, which is no Service";
                }
            }
        }
        foreach (var service in services.Values)
        {
            var ports = objects.Where(o => IsChosen(service, o)).SelectMany(o => Items(WorkloadRules.Pod(o)!["spec"]?["containers"])).SelectMany(c => Items(c["ports"])).Select(p => (string?)p["name"]).ToHashSet();
            foreach (var port in Items(service["spec"]?["ports"]).Where(p => !ports.Contains(p["targetPort"]?.ToString())))
            {
                yield return $"Service {Name(service)} leads to {port["targetPort"]}, which no pod has";
            }
        }
    }

    private static bool IsChosen(JsonObject service, JsonObject workload) => WorkloadRules.Pod(workload)?["metadata"]?["labels"] is JsonObject labels
        && (service["spec"]?["selector"] as JsonObject ?? []).All(wanted => labels[wanted.Key]?.ToString() == wanted.Value?.ToString());

    private static bool Has(IReadOnlyList<JsonObject> objects, string kind, string? name) => objects.Any(o => (string?)o["kind"] == kind && Name(o) == name);

    [GeneratedRegex(@"(?<![\w.-])(?:[a-z]+-\d\.)?(?<host>[a-z][a-z-]*):(?<port>\d{2,5})\b")]
    private static partial Regex Address();

    [GeneratedRegex("^(api|web|gateway|redis|clickhouse|keeper)(-pods)?$")]
    private static partial Regex Known();
}
