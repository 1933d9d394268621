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
}
