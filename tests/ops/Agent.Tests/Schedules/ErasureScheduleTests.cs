using Microsoft.Extensions.Time.Testing;
using Provost.Agent.Schedules;

namespace Provost.Agent.Tests.Schedules;

public sealed class ErasureScheduleTests
{
    [Fact]
    public async Task Erasures_are_sent_once_each_time_that_there_are_more_and_again_when_that_failed()
    {
        var time = new FakeTimeProvider();
        int?[] counts = [null, 0, 1, 1, 1, 3, null, 3];
        Queue<bool> outcomes = new([false, true, true]);
        List<int> sentAt = [];
        var look = 0;
        using var ending = new CancellationTokenSource();
        var looked = new SemaphoreSlim(0);
        var schedule = new ErasureSchedule(
            _ =>
            {
                var count = counts[Math.Min(look++, counts.Length - 1)];
                looked.Release();
                return Task.FromResult(count);
            },
            _ =>
            {
                sentAt.Add(look - 1);
                return Task.FromResult(outcomes.Dequeue());
            },
            time);

        var running = schedule.RunAsync(ending.Token);
        foreach (var _ in counts)
        {
            do
            {
                time.Advance(ErasureSchedule.Look);
            }
            while (!await looked.WaitAsync(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        }
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal([2, 3, 5], sentAt);
    }
}
