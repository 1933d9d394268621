using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Topology.Tests.Environments;

public sealed class ReplicasTests
{
    [Fact]
    public void Replicas_count_from_one() =>
        Assert.Equal(["redis-1", "clickhouse-1", "api-1", "api-2", "web-1", "gateway-1", "gateway-2"], Replicas.Of(new Site()).Select(r => r.Id));

    [Fact]
    public void A_new_release_gets_the_lowest_numbers_that_nobody_has()
    {
        var first = Replicas.Beside(new Site(), ["api-1", "api-2", "web-1", "gateway-1", "gateway-2", "redis-1", "clickhouse-1"]);
        var second = Replicas.Beside(new Site(), ["api-3", "api-4", "web-2", "gateway-3", "gateway-4", "redis-1", "clickhouse-1"]);

        Assert.Equal([3, 4], first[Replicas.Api]);
        Assert.Equal([2], first[Replicas.Web]);
        Assert.Equal([1, 2], second[Replicas.Gateway]);
        Assert.DoesNotContain(Replicas.Redis, first.Keys);
    }

    [Fact]
    public void More_copies_than_numbers_take_the_next_free_ones()
    {
        var site = new Site { Services = new Services { Api = new Api { Replicas = 3 } } };

        Assert.Equal(["api-3", "api-4", "api-1"], Replicas.Of(site, new Dictionary<string, IReadOnlyList<int>> { [Replicas.Api] = [3, 4] }).Where(r => r.Service == Replicas.Api).Select(r => r.Id));
    }
}
