using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>Every rule holds for every site, and without any single field or object one of them is broken.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void What_is_rendered_keeps_every_rule(string name) => Assert.Empty(Violations(Cases.Site(name), [.. Cases.Manifests(name).Select(m => m.Body)]));

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Without_any_single_field_a_rule_is_broken(string name)
    {
        var site = Cases.Site(name);
        List<JsonObject> objects = [.. Cases.Manifests(name).Select(m => m.Body)];
        List<string> unnoticed = [];
        var fields = 0;
        foreach (var body in objects.ToList())
        {
            // What changes is looked at first.
            objects.Remove(body);
            objects.Insert(0, body);
            foreach (var field in Fields(body, []).ToList())
            {
                fields++;
                var undo = Remove(body, field);
                if (!ObjectRules.Violations(site, body).Any() && !Together(site, objects).Any())
                {
                    unnoticed.Add($"{body["kind"]} {body["metadata"]?["name"]}: {string.Join(' ', field)}");
                }
                undo();
            }
        }
        Assert.True(fields > 500, $"only {fields} fields were found");
        Assert.True(unnoticed.Count == 0, string.Join('\n', unnoticed));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Without_any_single_object_a_rule_is_broken(string name)
    {
        var site = Cases.Site(name);
        var objects = Cases.Manifests(name).Select(m => m.Body).ToList();

        var unnoticed = objects.Where(body => !Violations(site, [.. objects.Where(other => other != body)]).Any()).Select(body => $"{body["kind"]} {body["metadata"]?["name"]}");

        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData("spec.template.spec.containers.0.image", "\"provost/backend:latest\"")]
    [InlineData("spec.template.spec.securityContext.runAsUser", "0")]
    [InlineData("spec.template.spec.containers.0.securityContext.runAsUser", "0")]
    [InlineData("spec.template.spec.containers.0.securityContext.runAsGroup", "999")]
    [InlineData("spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem", "false")]
    [InlineData("spec.template.spec.containers.0.securityContext.privileged", "true")]
    [InlineData("spec.template.spec.hostNetwork", "true")]
    [InlineData("spec.template.spec.automountServiceAccountToken", "true")]
    [InlineData("spec.template.spec.containers.0.resources.limits.memory", "\"900Gi\"")]
    [InlineData("spec.strategy.rollingUpdate.maxUnavailable", "1")]
    [InlineData("spec.template.spec.terminationGracePeriodSeconds", "5")]
    [InlineData("spec.template.spec.containers.0.readinessProbe.httpGet.port", "\"metrics\"")]
    public void What_is_weakened_is_noticed(string path, string value)
    {
        var objects = Cases.Manifests("small").Select(m => m.Body).ToList();
        var keys = path.Split('.');
        var at = keys[..^1].Aggregate((JsonNode)objects.Single(o => (string)o["kind"]! == "Deployment" && (string)o["metadata"]!["name"]! == "api"), Step);

        at[keys[^1]] = JsonNode.Parse(value);

        Assert.NotEmpty(Violations(Cases.Site("small"), objects));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void A_configuration_is_named_by_its_content(string name) => Assert.All(Cases.Manifests(name).Where(m => m.Kind == "ConfigMap"), map =>
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(map.Body["data"]!.ToJsonString()));
        Assert.EndsWith("-" + Convert.ToHexStringLower(hash)[..10], map.Name, StringComparison.Ordinal);
    });

    private static IEnumerable<string> Violations(ClusterSite site, IReadOnlyList<JsonObject> objects) =>
        objects.SelectMany(body => ObjectRules.Violations(site, body).Select(v => $"{body["kind"]} {ReferenceRules.Name(body)}: {v}")).Concat(Together(site, objects));

    private static IEnumerable<string> Together(ClusterSite site, IReadOnlyList<JsonObject> objects) => ReferenceRules.Violations(site, objects).Concat(SiteRules.Violations(site, objects));

    // Every key of every map and every entry of every list, at any depth.
    private static IEnumerable<string[]> Fields(JsonNode? node, string[] path) => node switch
    {
        JsonObject map => map.SelectMany(p => Fields(p.Value, [.. path, p.Key]).Prepend([.. path, p.Key])),
        JsonArray list => list.SelectMany((item, i) => Fields(item, [.. path, $"{i}"]).Prepend([.. path, $"{i}"])),
        _ => [],
    };

    private static JsonNode Step(JsonNode node, string key) => node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : node[key]!;

    private static Action Remove(JsonObject body, string[] path)
    {
        var parent = path[..^1].Aggregate((JsonNode)body, Step);
        if (parent is JsonArray list)
        {
            var index = int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture);
            var item = list[index];
            list.RemoveAt(index);
            return () => list.Insert(index, item);
        }
        var map = parent.AsObject();
        var (at, value) = (map.IndexOf(path[^1]), map[path[^1]]);
        map.RemoveAt(at);
        return () => map.Insert(at, path[^1], value);
    }
}
