namespace Provost.Rendering.Tests.Kubernetes;

public sealed class ReachabilityTests
{
    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Policies_let_through_what_is_declared_and_nothing_else(string name)
    {
        var site = Cases.Site(name);

        Assert.Equal(Reachability.Declared(site), Reachability.Of(site, Cases.Manifests(name)));
    }

    [Theory]
    [InlineData("api -> redis:6379", true)]
    [InlineData("gateway -> api:8080", true)]
    [InlineData("anywhere -> gateway:8080", true)]
    [InlineData("namespace monitoring -> api:8081", true)]
    [InlineData("api -> name server:53/udp", true)]
    [InlineData("gateway -> redis:6379", false)]
    [InlineData("web -> api:8080", false)]
    [InlineData("anywhere -> api:8080", false)]
    [InlineData("namespace strangers -> redis:6379", false)]
    [InlineData("api -> anywhere:443", false)]
    [InlineData("secrets -> redis:6379", false)]
    [InlineData("secrets -> anywhere:16443", true)]
    [InlineData("backup -> api:8080", true)]
    [InlineData("backup -> redis:6379", true)]
    [InlineData("backup -> clickhouse:8080", true)]
    [InlineData("backup -> gateway:8080", false)]
    [InlineData("backup -> anywhere:443", false)]
    [InlineData("api -> backup:8080", false)]
    public void Small_site_lets_through(string edge, bool open) =>
        Assert.Equal(open, Reachability.Of(Cases.Site("small"), Cases.Manifests("small")).Contains(edge));
}
