using Provost.Runbooks.Backups.Making;

namespace Provost.Runbooks.Tests.Backups;

public sealed class BothTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_results_come_back() => Assert.Equal((1, "a"), await Both.OfAsync(_ => Task.FromResult(1), _ => Task.FromResult("a"), Stop));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_one_fails_the_other_is_told_to_end_and_has_ended_and_the_cause_is_what_comes_out(bool first)
    {
        var ended = false;
        async Task<int> Fail(CancellationToken _)
        {
            await Task.Yield();
            throw new IOException("the disk is full");
        }
        async Task<int> Work(CancellationToken stop)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return 0;
            }
            finally
            {
                ended = true;
            }
        }

        await Assert.ThrowsAsync<IOException>(() => first ? Both.OfAsync(Fail, Work, Stop) : Both.OfAsync(Work, Fail, Stop));

        Assert.True(ended);
    }
}
