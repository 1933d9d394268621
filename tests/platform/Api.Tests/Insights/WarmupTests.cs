using Provost.Api.Imports;
using Provost.Api.Insights;
using Provost.Api.Tests.Harness;

namespace Provost.Api.Tests.Insights;

public sealed class WarmupTests(RealStores stores)
{
    [Fact]
    public void The_warm_up_makes_a_whole_overview() => Assert.InRange(Warmup.Overview(), 2_000, 200_000);

    [Fact]
    public async Task The_warm_up_looks_into_a_whole_file()
    {
        await using var api = await ApiServer.StartAsync(stores);
        Assert.InRange(await new Warmup(api.Get<ImportPlanner>()).PreviewAsync(), 1_000, 20_000);
    }
}
