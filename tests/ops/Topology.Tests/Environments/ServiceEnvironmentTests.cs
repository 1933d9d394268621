using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Topology.Tests.Environments;

public sealed class ServiceEnvironmentTests
{
    private static readonly ProcessPlacement Here = new(
        "1.2.3+abc", "/srv/release", "/srv/state", "/srv/state/run", false,
        new Dictionary<string, int>
        {
            ["redis-1"] = 5001,
            ["clickhouse-1"] = 5002,
            ["api-1"] = 5003,
            ["api-2"] = 5004,
            ["web-1"] = 5005,
            ["gateway-1.admin"] = 5006,
            ["gateway-2.admin"] = 5007,
        });

    [Fact]
    public void The_environment_of_every_service_is_the_committed_one()
    {
        var site = new Site { Domain = "insights.example.edu", Traces = new Traces { Endpoint = "http://127.0.0.1:4317" } };
        var installation = new Installation { Sites = new Dictionary<string, Site> { ["local"] = site } };
        var text = Replicas.Of(site).Select(r => $"[{r}]\n" + string.Concat(ServiceEnvironment.For(installation, site, r, Here).Select(p => $"{p.Key}={p.Value}\n")));

        Golden.Matches(string.Join('\n', text), "tests/ops/Topology.Tests/Environments/environment.txt");
    }

    [Fact]
    public void The_environment_of_every_container_is_the_committed_one()
    {
        var site = new Site { Target = Target.Compose, Domain = "insights.example.edu" };
        var installation = new Installation { Sites = new Dictionary<string, Site> { ["local"] = site } };
        var containers = new ContainerPlacement("1.2.3+abc", Replicas.Of(site).ToDictionary(r => r.Id, r => r.Id)) { EmbeddedRedis = true, EmbeddedClickHouse = true };
        var text = Replicas.Of(site).Select(r => $"[{r}]\n" + string.Concat(ServiceEnvironment.For(installation, site, r, containers).Select(p => $"{p.Key}={p.Value}\n")));

        Golden.Matches(string.Join('\n', text), "tests/ops/Topology.Tests/Environments/container-environment.txt");
    }

    [Fact]
    public void No_environment_holds_a_secret()
    {
        var installation = new Installation();
        var site = installation.Sites["local"];

        Assert.All(Replicas.Of(site), replica => Assert.DoesNotContain(
            ServiceEnvironment.For(installation, site, replica, Here).Keys, key => Secrets.All.Any(s => key == "PROVOST_" + s.Name)));
    }

    [Fact]
    public void Nobody_starts_before_whom_it_needs()
    {
        var order = Replicas.Of(new Site()).Select(r => r.Service).Distinct().ToList();

        Assert.All(order, service => Assert.All(Replicas.Needs(service), need => Assert.True(order.IndexOf(need) < order.IndexOf(service))));
    }

    [Fact]
    public void Only_the_api_and_the_operator_get_what_decrypts_names_or_gives_orders()
    {
        Assert.Equal(["Redis__Password"], Secrets.Of("redis"));
        Assert.Equal(["ClickHouse__Password"], Secrets.Of("clickhouse"));
        Assert.Empty(Secrets.Of("gateway"));
        Assert.Empty(Secrets.Of("web"));
        Assert.Equal(["api"], Secrets.All.Single(s => s.Name == "Names__Key").Services);
    }

    [Theory]
    [InlineData("127.0.0.1", "http://localhost:8080/")]
    [InlineData("0.0.0.0", "http://localhost:8080/")]
    [InlineData("10.0.0.7", "http://10.0.0.7:8080/")]
    [InlineData("fd00::7", "http://[fd00::7]:8080/")]
    public void The_public_address_is_what_people_can_type(string address, string url) =>
        Assert.Equal(url, new Site { Http = new Http { Address = address } }.PublicUrl().AbsoluteUri);
}
