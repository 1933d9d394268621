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

    [Fact]
    public async Task A_program_whose_starter_dies_before_it_is_bound_is_never_started()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("provost-bound-").FullName, "started");
        var (first, arguments) = BackgroundProgram.Bound(new Command("touch", [file]), hasShell: true);
        using var program = Process.Start(new ProcessStartInfo(first, arguments) { RedirectStandardInput = true })!;
        Assert.False(program.WaitForExit(TimeSpan.FromMilliseconds(200)));

        // What the kernel does for a starter that died.
        program.StandardInput.Close();

        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, program.ExitCode);
        Assert.False(File.Exists(file));
        Directory.Delete(Path.GetDirectoryName(file)!);
    }

    [Fact]
    public async Task A_program_is_started_as_it_was_asked_for_with_or_without_a_shell()
    {
        Assert.Equal(("touch", "a b|$HOME"), Joined(BackgroundProgram.Bound(new Command("touch", ["a b", "$HOME"]), hasShell: false)));
        await using var program = BackgroundProgram.Start(new Command("sh", ["-c", "echo \"$0\"; exit 3", "it's $HOME"]));

        for (var patience = Stopwatch.StartNew(); !program.HasEnded || program.LastLines.Count == 0; await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30));

        Assert.Equal(["it's $HOME"], program.LastLines);
    }

    /// <summary>ClickHouse takes what stands in its input for rows of the first statement.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_finds_nothing_in_its_input(bool hasShell)
    {
        await using var program = BackgroundProgram.Start(new Command("sh", ["-c", "wc -c; echo end"]), hasShell);

        for (var patience = Stopwatch.StartNew(); program.LastLines is not [.., "end"]; await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30));

        Assert.Equal(["0", "end"], program.LastLines);
    }

    private static (string Program, string Arguments) Joined((string Program, IEnumerable<string> Arguments) command) => (command.Program, string.Join('|', command.Arguments));
}
