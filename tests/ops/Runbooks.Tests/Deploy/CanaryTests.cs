using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Deploy;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class CanaryTests
{
    private static readonly CanaryFigures Old = new(1000, 2, 20_000);

    [Fact]
    public void As_good_as_before_goes_on() => Assert.Null(CanaryComparison.Verdict(Old, new CanaryFigures(100, 0, 2_300)));

    [Fact]
    public void More_failures_than_before_return() =>
        Assert.Contains("failed 5.0 %", CanaryComparison.Verdict(Old, new CanaryFigures(100, 5, 2_000)), StringComparison.Ordinal);

    [Fact]
    public void Failures_at_the_very_beginning_are_enough() => Assert.NotNull(CanaryComparison.Verdict(Old, new CanaryFigures(3, 3, 30)));

    [Fact]
    public void When_the_old_ones_fail_as_often_it_is_not_the_release() => Assert.Null(CanaryComparison.Verdict(new CanaryFigures(100, 10, 2_000), new CanaryFigures(100, 11, 2_000)));

    [Fact]
    public void Much_slower_answers_return() => Assert.Contains("took 200 ms", CanaryComparison.Verdict(Old, new CanaryFigures(100, 0, 20_000)), StringComparison.Ordinal);

    [Fact]
    public void Few_slow_answers_prove_nothing() => Assert.Null(CanaryComparison.Verdict(Old, new CanaryFigures(10, 0, 5_000)));

    [Fact]
    public async Task Good_replicas_are_judged_when_the_time_is_over_and_enough_has_come()
    {
        var (gateway, said) = await CompareAsync(old => old ? new CanaryFigures(5, 0, 50) : new CanaryFigures(5, 0, 60));

        Assert.Contains("\"percent\":20", gateway.Bodies[0], StringComparison.Ordinal);
        Assert.Contains("0 failed, 12.0 ms", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_waits_longer_when_too_few_have_come()
    {
        var (_, said) = await CompareAsync(old => old ? new CanaryFigures(10, 0, 100) : new CanaryFigures(1, 0, 10));

        Assert.Contains("new: 30 requests", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judgement_that_cannot_be_made_is_not_a_good_one()
    {
        var refusal = await Assert.ThrowsAsync<OperationError>(() => CompareAsync(old => old ? new CanaryFigures(10, 0, 100) : default));

        Assert.Contains("too few requests", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--canary", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_replicas_are_refused_at_once_with_both_figures()
    {
        var refusal = await Assert.ThrowsAsync<OperationError>(() => CompareAsync(old => old ? new CanaryFigures(10, 0, 100) : new CanaryFigures(2, 2, 20)));

        Assert.Contains("failed 100.0 %", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Details, d => d.StartsWith("old: ", StringComparison.Ordinal));
    }

    /// <param name="each">What comes to the old and to the new replicas in every half second.</param>
    private static async Task<(FakeGateway Gateway, string Said)> CompareAsync(Func<bool, CanaryFigures> each)
    {
        var time = new FakeTimeProvider();
        var gateway = new FakeGateway(each);
        var run = new CanaryComparison([gateway], new Destinations(["http://old"], []), new Destinations(["http://new"], []), time)
            .RunAsync(20, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        while (!run.IsCompleted)
        {
            var asked = gateway.Asked;
            time.Advance(TimeSpan.FromMilliseconds(500));
            for (var patience = 0; gateway.Asked == asked && !run.IsCompleted && patience < 200; patience++)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
        return (gateway, await run);
    }

    private sealed class FakeGateway(Func<bool, CanaryFigures> each) : IGateway
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public List<string> Bodies { get; } = [];

        public string Id => "gateway-1";

        public Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
        {
            if (body is not null)
            {
                Bodies.Add(body);
                return Task.FromResult((200, "{}"));
            }
            // Asked for the old ones and for the new ones in turn, first before anything came.
            var rounds = asked++ / 2;
            var report = new GatewayReport([State("http://old", each(true), rounds), State("http://new", each(false), rounds)], [], [], 0, 0);
            return Task.FromResult((200, JsonSerializer.Serialize(report, GatewayJson.Default.GatewayReport)));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static DestinationState State(string address, CanaryFigures figures, int rounds) =>
            new(address, "healthy", 0, 0, figures.Answered * rounds, figures.Failed * rounds, figures.Milliseconds * rounds);
    }
}
