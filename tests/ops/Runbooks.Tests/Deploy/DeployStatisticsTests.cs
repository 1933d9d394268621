using Provost.Runbooks.Deploy;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class DeployStatisticsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void They_count_what_went_live_what_went_back_and_how_long_it_took()
    {
        var figures = DeployStatistics.Of(
            [One("deploy", "done", 20, 200), One("up", "done", 90, 30), One("deploy", "done", 40, 20), One("deploy", "returned", 60, 10), One("rollback", "done", 10, 5), One("deploy", "done", 30, 1)], Now, days: 28);

        Assert.Equal(new DeployStatistics(28, 4, 1, 1, 0.667, 0.75, 35, 60, Now.AddDays(-1)), figures);
    }

    [Fact]
    public void Without_any_deployment_there_is_nothing_to_say() =>
        Assert.Equal(new DeployStatistics(90, 0, 0, 0, null, 0, null, null, null), DeployStatistics.Of([], Now, days: 90));

    private static DeployedRelease One(string verb, string result, double seconds, int daysAgo) => new("0.1.0+a", "", verb, Now.AddDays(-daysAgo), "ada", seconds, result);
}
