using System.Diagnostics;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Tools;

public sealed class DeathSignalTests
{
    private const int KilledBySignal = 128 + 9;

    [Fact]
    public async Task A_program_is_killed_when_its_starter_lets_go_as_the_kernel_does_for_one_that_died()
    {
        using var death = DeathSignal.Open();
        using var program = Process.Start(new ProcessStartInfo("sleep", ["600"]))!;
        death.Bind(program.Id);
        Assert.False(program.WaitForExit(TimeSpan.FromMilliseconds(200)));

        death.Dispose();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await program.WaitForExitAsync(limit.Token);
        Assert.Equal(KilledBySignal, program.ExitCode);
    }

    [Fact]
    public async Task A_program_that_is_started_later_does_not_keep_the_earlier_ones_alive()
    {
        var first = BackgroundProgram.Start(new Command("sleep", ["600"]));
        var second = BackgroundProgram.Start(new Command("sleep", ["600"]));

        await first.DisposeAsync();

        Assert.False(second.HasEnded);
        await second.DisposeAsync();
    }
}
