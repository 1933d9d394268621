using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Locks;

public sealed class OperationLockTests : IDisposable
{
    private readonly TemporaryState temporary = new();

    private string File => Path.Combine(temporary.State.Root, "operation.lock");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_second_operation_is_refused_and_told_who_holds_the_lock()
    {
        using var first = OperationLock.Take(temporary.State, "deploy 0.2.0", TimeProvider.System);

        var refused = Assert.Throws<OperationError>(() => OperationLock.Take(temporary.State, "up", TimeProvider.System));

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Contains("deploy 0.2.0", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.UserName, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_free_again_when_the_operation_has_ended()
    {
        OperationLock.Take(temporary.State, "deploy", TimeProvider.System).Dispose();

        Assert.Null(OperationLock.Look(temporary.State));
        using var second = OperationLock.Take(temporary.State, "up", TimeProvider.System);
        Assert.Null(second.Abandoned);
    }

    [Fact]
    public void What_a_dead_owner_left_is_taken_over_at_once_and_told()
    {
        Leave(note => note with { Process = note.Process with { StartTicks = note.Process.StartTicks - 1 } });

        using var next = OperationLock.Take(temporary.State, "up", TimeProvider.System);

        Assert.Equal("deploy", next.Abandoned?.Purpose);
    }

    [Fact]
    public void On_another_machine_the_heartbeat_decides()
    {
        Leave(note => note with { Machine = "elsewhere", Heartbeat = TimeProvider.System.GetUtcNow().AddSeconds(-30) });
        Assert.Throws<OperationError>(() => OperationLock.Take(temporary.State, "up", TimeProvider.System));

        Leave(note => note with { Machine = "elsewhere", Heartbeat = TimeProvider.System.GetUtcNow().AddSeconds(-61) });
        using var next = OperationLock.Take(temporary.State, "up", TimeProvider.System);
        Assert.NotNull(next.Abandoned);
    }

    [Fact]
    public void An_owner_that_lives_on_this_machine_holds_it_however_long_its_heartbeat_could_not_be_written()
    {
        Leave(note => note with { Heartbeat = TimeProvider.System.GetUtcNow().AddHours(-1) });

        Assert.Throws<OperationError>(() => OperationLock.Take(temporary.State, "up", TimeProvider.System));
        Assert.Throws<OperationError>(() => OperationLock.Release(temporary.State, force: false, TimeProvider.System));
    }

    [Fact]
    public void The_heartbeat_is_renewed_while_the_operation_lasts_and_not_afterwards()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var held = OperationLock.Take(temporary.State, "deploy", time);
        var taken = OperationLock.Look(temporary.State)!.Heartbeat;

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(taken.AddSeconds(5), OperationLock.Look(temporary.State)!.Heartbeat);
        time.Advance(TimeSpan.FromSeconds(50));
        var elsewhere = OperationLock.Look(temporary.State)! with { Machine = "elsewhere" };
        Assert.Null(elsewhere.Abandoned(time.GetUtcNow().AddSeconds(59)));
        Assert.NotNull(elsewhere.Abandoned(time.GetUtcNow().AddSeconds(61)));

        held.Dispose();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(OperationLock.Look(temporary.State));
    }

    [Fact]
    public void An_owner_whose_lock_was_released_or_taken_is_told_so()
    {
        using var held = OperationLock.Take(temporary.State, "deploy", TimeProvider.System);
        Assert.Null(held.Lost());

        OperationLock.Release(temporary.State, force: true, TimeProvider.System);
        Assert.Contains("was released", held.Lost()!.Message, StringComparison.Ordinal);

        using var next = OperationLock.Take(temporary.State, "down", TimeProvider.System);
        Assert.Contains("has taken the lock meanwhile: down", held.Lost()!.Message, StringComparison.Ordinal);
        Assert.Null(next.Lost());
    }

    [Fact]
    public void Letting_go_of_an_installation_that_was_removed_is_no_error()
    {
        using var gone = new TemporaryState();
        var held = OperationLock.Take(gone.State, "destroy", TimeProvider.System);
        Directory.Delete(gone.State.Root, recursive: true);

        held.Dispose();

        Assert.False(Directory.Exists(gone.State.Root));
        gone.State.Create();
    }

    [Fact]
    public void A_living_owner_is_released_only_by_force()
    {
        using var held = OperationLock.Take(temporary.State, "deploy", TimeProvider.System);

        Assert.Throws<OperationError>(() => OperationLock.Release(temporary.State, force: false, TimeProvider.System));
        Assert.Equal("deploy", OperationLock.Release(temporary.State, force: true, TimeProvider.System)?.Purpose);
        Assert.Null(OperationLock.Release(temporary.State, force: false, TimeProvider.System));
    }

    [Fact]
    public void Letting_go_never_removes_the_lock_of_somebody_else()
    {
        var forced = OperationLock.Take(temporary.State, "deploy", TimeProvider.System);
        OperationLock.Release(temporary.State, force: true, TimeProvider.System);
        using var next = OperationLock.Take(temporary.State, "up", TimeProvider.System);

        forced.Dispose();

        Assert.Equal("up", OperationLock.Look(temporary.State)?.Purpose);
    }

    [Fact]
    public void Of_many_who_come_at_once_exactly_one_gets_it()
    {
        List<OperationLock> taken = [];
        Parallel.For(0, 16, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, i =>
        {
            try
            {
                var got = OperationLock.Take(temporary.State, $"deploy {i}", TimeProvider.System);
                lock (taken)
                {
                    taken.Add(got);
                }
            }
            catch (OperationError)
            {
                // The others.
            }
        });

        Assert.Single(taken).Dispose();
    }

    [Fact]
    public async Task Whoever_builds_second_in_a_checkout_waits_for_the_first()
    {
        var checkout = new Checkout(temporary.State.Root);
        var cancellation = TestContext.Current.CancellationToken;
        var first = await CheckoutLock.WaitAsync(checkout, _ => { }, TimeProvider.System, cancellation);
        List<string> said = [];
        var second = CheckoutLock.WaitAsync(checkout, said.Add, TimeProvider.System, cancellation);
        Assert.False(second.IsCompleted);

        first!.Dispose();

        (await second)!.Dispose();
        Assert.Contains("waiting", Assert.Single(said), StringComparison.Ordinal);
    }

    private void Leave(Func<LockNote, LockNote> change)
    {
        var me = ProcessTable.Identify(Environment.ProcessId)!;
        var now = TimeProvider.System.GetUtcNow();
        var note = change(new LockNote("x", "ada@host", "deploy", Environment.MachineName, me, now, now));
        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(note, LockJson.Default.LockNote));
    }
}
