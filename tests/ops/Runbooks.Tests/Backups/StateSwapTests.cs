using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Tests.Backups;

public sealed class StateSwapTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-swap-").FullName;

    private string State => Path.Combine(folder, ".provost");

    [Fact]
    public void The_restored_state_stands_and_what_stood_there_lies_aside()
    {
        Make(State, "old");
        var staged = Make(Path.Combine(State + StateSwap.Staging, ".provost"), "new");
        var aside = State + StateSwap.Before + "20260301T023000Z";

        StateSwap.Put(staged, State, aside);

        Assert.Equal("new", File.ReadAllText(Path.Combine(State, "what")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(aside, "what")));
        Assert.False(Directory.Exists(staged));
        Assert.Equal([aside], StateSwap.SetAside(State));
    }

    [Fact]
    public void Where_nothing_stood_nothing_lies_aside()
    {
        var staged = Make(Path.Combine(State + StateSwap.Staging, ".provost"), "new");

        StateSwap.Put(staged, State, null);

        Assert.Equal("new", File.ReadAllText(Path.Combine(State, "what")));
    }

    [Fact]
    public void An_installation_whose_state_lies_aside_does_not_begin_empty()
    {
        var aside = Make(State + StateSwap.Before + "20260301T023000Z", "old");
        Make(Path.Combine(State + StateSwap.Staging, ".provost"), "new");

        var refused = Assert.Throws<OperationError>(() => OperationLock.Take(new StateDirectory(State), "up", TimeProvider.System));

        Assert.Contains($"mv {aside} {State}", refused.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public void A_restore_that_was_killed_before_it_put_anything_aside_is_in_nobodys_way()
    {
        Make(Path.Combine(State + StateSwap.Staging, ".provost"), "new");

        using var taken = OperationLock.Take(new StateDirectory(State), "up", TimeProvider.System);

        Assert.Null(taken.Abandoned);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Make(string directory, string what)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "what"), what);
        return directory;
    }
}
