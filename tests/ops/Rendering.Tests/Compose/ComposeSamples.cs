using System.Text.Json.Nodes;
using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Topology.Model;
using YamlDotNet.Serialization;

namespace Provost.Rendering.Tests.Compose;

/// <summary>Sites that are rendered in these tests, and what comes out as a document.</summary>
internal static class ComposeSamples
{
    private const string Digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static IReadOnlyDictionary<string, Site> Sites { get; } = new Dictionary<string, Site>
    {
        ["plain"] = new() { Target = Target.Compose },
        ["https"] = new() { Target = Target.Compose, Domain = "insights.example.edu", Services = new Services { Web = new Web { Replicas = 2 } } },
        ["own-certificate"] = new() { Target = Target.Compose, Domain = "insights.example.edu", Https = new Https { Certificate = "/etc/chain.pem", Key = "/etc/key.pem" } },
        ["backups"] = new()
        {
            Target = Target.Compose,
            Backup = new Backup { Destinations = new Dictionary<string, Destination> { ["disk"] = new() { Directory = "/mnt/backups" }, ["offsite"] = new() { Bucket = "backups" } } },
        },
        ["embedded"] = new()
        {
            Target = Target.Compose,
            Stores = new Stores { Redis = new Topology.Model.Redis { Server = RedisServer.Embedded }, ClickHouse = new Topology.Model.ClickHouse { Server = ClickHouseServer.Embedded } },
        },
    };

    public static RenderedTree Render(Site site, ComposeFlavour flavour = ComposeFlavour.Production, IReadOnlyDictionary<string, IReadOnlyList<int>>? numbers = null)
    {
        var installation = new Installation { Name = "north", Sites = new Dictionary<string, Site> { ["campus"] = site } };
        return ComposeRenderer.Render(installation, "campus", new ComposeRequest("1.2.3+abc", flavour, Images(site), "../sources")
        {
            Configuration = "name: north\nsites:\n  campus:\n    target: compose\n",
            Numbers = numbers,
        });
    }

    public static JsonObject Document(Site site, ComposeFlavour flavour = ComposeFlavour.Production) => Parse(Render(site, flavour).Text("compose.yaml"));

    public static JsonObject Parse(string yaml) => Node(new DeserializerBuilder().Build().Deserialize<object>(yaml))!.AsObject();

    public static Dictionary<string, string> Images(Site site) => new()
    {
        ["backend"] = $"registry.example.edu:5000/provost/backend{Digest}",
        ["frontend"] = $"registry.example.edu:5000/provost/frontend{Digest}",
        ["gateway"] = $"registry.example.edu:5000/provost/gateway{Digest}",
        ["agent"] = $"registry.example.edu:5000/provost/agent{Digest}",
        ["stores"] = $"registry.example.edu:5000/provost/stores{Digest}",
        ["backup"] = $"registry.example.edu:5000/provost/backup{Digest}",
        ["redis"] = site.Stores.Redis.Image + Digest,
        ["clickhouse"] = site.Stores.ClickHouse.Image + Digest,
        ["sdk"] = "mcr.microsoft.com/dotnet/sdk:10.0.401-noble",
    };

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key.ToString()!, Node(p.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
        _ => JsonValue.Create(value.ToString()),
    };
}
