using Provost.Runbooks.Locks;
using Provost.Runbooks.Targets.Process;

namespace Provost.Cli.Tests.Commands;

public sealed class LockedVerbsTests : IDisposable
{
    private const int Refused = 8;

    private readonly Tool tool = new();
    private readonly StateDirectory state;

    public LockedVerbsTests()
    {
        tool.Write("name: campus");
        state = new StateDirectory(Path.Combine(tool.Folder, ".provost"));
        state.Create();
    }

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("down")]
    [InlineData("restart api")]
    [InlineData("destroy --yes campus")]
    [InlineData("maintenance on")]
    [InlineData("maintenance off")]
    public async Task A_verb_that_would_fight_a_deployment_is_refused_while_one_works(string verb)
    {
        using var deployment = OperationLock.Take(state, "deploy 0.2.0", TimeProvider.System);

        var run = await tool.RunAsync(verb.Split(' '));

        Assert.Equal(Refused, run.ExitCode);
        Assert.Contains("deploy 0.2.0", run.Talk, StringComparison.Ordinal);
        Assert.Null(deployment.Lost());
        Assert.True(state.Exists);
    }

    [Fact]
    public async Task By_force_it_takes_the_lock_and_whoever_had_it_is_told()
    {
        using var deployment = OperationLock.Take(state, "deploy 0.2.0", TimeProvider.System);

        var run = await tool.RunAsync("maintenance", "on", "--force");

        Assert.Equal(0, run.ExitCode);
        Assert.NotNull(deployment.Lost());
        Assert.Null(OperationLock.Look(state));
    }
}
