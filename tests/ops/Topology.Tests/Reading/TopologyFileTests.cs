using Provost.Topology.Model;
using Provost.Topology.Reading;
using Provost.Topology.Reference;

namespace Provost.Topology.Tests.Reading;

public sealed class TopologyFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    public void An_empty_file_means_every_default(string text)
    {
        var read = TopologyFile.Read(text, "provost.yaml");

        Assert.Empty(read.Problems);
        Assert.Equal(8080, read.Installation!.Sites["local"].Http.Port);
    }

    [Fact]
    public void Every_key_is_read_where_it_stands()
    {
        var read = TopologyFile.Read(
            """
            name: north-campus
            sites:
              campus:
                target: process
                domain: insights.example.edu
                https: { port: 443, certificate: chain.pem, key: key.pem }
                services:
                  api: { replicas: 3, resources: { memory: 512MiB } }
                stores:
                  redis: { server: embedded }
                probes: { interval: 500ms }
                traces: { endpoint: 'http://127.0.0.1:4317', sampleRatio: 0.5 }
            """,
            "provost.yaml");

        Assert.Empty(read.Problems);
        var site = read.Installation!.Sites["campus"];
        Assert.Equal("north-campus", read.Installation.Name);
        Assert.Equal(3, site.Services.Api.Replicas);
        Assert.Equal(512L << 20, site.Services.Api.Resources.Memory!.Value.Bytes);
        Assert.Equal(RedisServer.Embedded, site.Stores.Redis.Server);
        Assert.Equal(TimeSpan.FromMilliseconds(500), site.Probes.Interval);
        Assert.Equal(0.5, site.Traces.SampleRatio);
        Assert.Equal("https://insights.example.edu", site.PublicUrl().AbsoluteUri.TrimEnd('/'));
        Assert.Equal(new Position(8, 14), read.Positions["sites.campus.services.api.replicas"]);
    }

    [Fact]
    public void Everything_wrong_is_refused_together_with_line_key_and_remedy()
    {
        var read = TopologyFile.Read(
            """
            nmae: provost
            name: North Campus
            sites:
              local:
                target: proces
                http:
                  prot: 80
                  port: 99999
                  address: localhost
                services:
                  api: { replicas: "2", resources: { memory: 512MB } }
                  gateway: 2
                probes: { interval: 5 }
                traces: { endpoint: 127.0.0.1, sampleRatio: }
                logs: [debug]
              Branch_2: {}
            """,
            "provost.yaml");

        Assert.Null(read.Installation);
        Golden.Matches(string.Join('\n', read.Problems) + "\n", "tests/ops/Topology.Tests/Reading/everything-wrong.txt");
    }

    [Fact]
    public void Contradictions_are_refused_together_at_the_nearest_key()
    {
        var read = TopologyFile.Read(
            """
            sites:
              local:
                http: { port: 9090 }
                domain: insights.example.edu
                https: { certificate: chain.pem }
                probes: { interval: 1m, start: 10s }
              branch: {}
            """,
            "provost.yaml");

        Assert.Null(read.Installation);
        Golden.Matches(string.Join('\n', read.Problems) + "\n", "tests/ops/Topology.Tests/Reading/contradictions.txt");
    }

    [Fact]
    public void Https_without_a_domain_is_refused() => Assert.Equal(
        "provost.yaml:3:5: sites.local.https: is set, but there is no domain to serve. set domain to the host name of the certificate, or remove https.",
        Assert.Single(TopologyFile.Read("sites:\n  local:\n    https: { port: 9443 }\n", "provost.yaml").Problems).ToString());

    [Theory]
    [InlineData("a: [1, 2", 2, "not valid YAML")]
    [InlineData("name: a\nname: b\n", 2, "not valid YAML")]
    [InlineData("name: a\n---\nname: b\n", 3, "a second document")]
    [InlineData("sites:\n  local:\n\t\tstate: a\n", 1, "not valid YAML")]
    [InlineData("just text\n", 1, "must hold keys")]
    [InlineData("[a, b]\n", 1, "must hold keys")]
    [InlineData("? [a]\n: b\n", 1, "a key that is not plain text")]
    public void What_is_no_description_is_refused_with_its_line(string text, int line, string problem)
    {
        var refused = Assert.Single(TopologyFile.Read(text, "provost.yaml").Problems);

        Assert.Equal(line, refused.Line);
        Assert.Contains(problem, refused.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }

    [Fact]
    public void A_file_of_ten_thousand_brackets_is_refused_and_does_not_end_the_process() =>
        Assert.Contains("nested too deeply", Assert.Single(TopologyFile.Read(new string('[', 10_000), "provost.yaml").Problems).Problem, StringComparison.Ordinal);

    [Fact]
    public void What_is_printed_reads_back_to_the_same()
    {
        var installation = new Installation
        {
            Name = "north",
            Sites = new Dictionary<string, Site>
            {
                ["campus"] = new() { Domain = "a.example.edu", Https = new Https { Port = 443 }, Traces = new Traces { Endpoint = "http://127.0.0.1:4317" } },
            },
        };

        var read = TopologyFile.Read(ConfigurationPage.Yaml(installation), "provost.yaml");

        Assert.Empty(read.Problems);
        var (written, found) = (installation.Sites["campus"], read.Installation!.Sites["campus"]);
        Assert.Equal(written.Backup.Destinations, found.Backup.Destinations);
        Assert.Equal(written, found with { Backup = found.Backup with { Destinations = written.Backup.Destinations } });
        Assert.Equal(ConfigurationPage.Yaml(installation), ConfigurationPage.Yaml(read.Installation));
    }
}
