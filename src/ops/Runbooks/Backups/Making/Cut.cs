using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Making;

/// <summary>What was taken at one instant.</summary>
/// <param name="StallMilliseconds">How long a commit of the platform waited at most, over all attempts.</param>
internal sealed record CutTaken(DateTimeOffset At, double StallMilliseconds, IReadOnlyList<string> Erasures);

/// <summary>
/// One instant for all stores. While a fence holds back the commits of every replica, the state forks and the facts'
/// parts get second names; then the platform goes on. A fence that fell too early is no cut, and it is tried again.
/// </summary>
internal sealed class Cut(OperatorClient platform, StateCut state, FactsCut facts, Courtesy courtesy, TimeProvider time)
{
    // How long each attempt may hold up a commit: most need less than a hundred, and one that met a busy moment is given up, and the
    // next one meets another. Where a machine is too slow for three that nobody notices, the others may take longer.
    private static readonly int[] Milliseconds = [150, 200, 250, 500, 2000, 8000];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // An attempt that came to nothing held commits up too.
    private double stalled;

    public async Task<CutTaken> TakeAsync(Action<string> say, CancellationToken cancellation)
    {
        OperationError? last = null;
        foreach (var (attempt, most) in Milliseconds.Index())
        {
            try
            {
                await Task.WhenAll(state.PrepareAsync(cancellation), facts.PrepareAsync(cancellation));
                if (await TryAsync(TimeSpan.FromMilliseconds(most), cancellation) is { } taken)
                {
                    return taken;
                }
                say("the fence fell before the cut was complete: once more");
            }
            catch (OperationError e) when (e.Kind is ErrorKind.Refused or ErrorKind.Failed or ErrorKind.NotReady && attempt < Milliseconds.Length - 1)
            {
                last = e;
                say($"{e.Message}: once more");
            }
            await Task.Delay(Pause * (attempt + 1), time, cancellation);
        }
        throw new OperationError(
            ErrorKind.NotReady, $"no cut of all stores within {Milliseconds.Length} attempts{(last is null ? "" : $": {last.Message}")}", "provost status shows what is overloaded; run the backup at a quieter time");
    }

    private async Task<CutTaken?> TryAsync(TimeSpan most, CancellationToken cancellation)
    {
        var erasures = await platform.ErasuresAsync(cancellation);
        courtesy.TakeTurn();
        try
        {
            return await TryAsync(most, erasures, cancellation);
        }
        finally
        {
            courtesy.GiveTurn();
        }
    }

    private async Task<CutTaken?> TryAsync(TimeSpan most, IReadOnlyList<string> erasures, CancellationToken cancellation)
    {
        var fence = await RaiseAsync(most, cancellation);
        FenceEndAnswer end;
        try
        {
            // Facts and state together: whatever the state refers to was written before, and nothing new is referred to meanwhile.
            await Task.WhenAll(state.TakeAsync(cancellation), facts.TakeAsync(cancellation));
        }
        finally
        {
            end = await platform.LowerFenceAsync(fence, CancellationToken.None);
            stalled = Math.Max(stalled, end.StalledMilliseconds);
        }
        return end.Held ? new CutTaken(time.GetUtcNow(), stalled, erasures) : null;
    }

    // Where one replica does not stand still, the others do until the attempt is given up.
    private async Task<FenceAnswer> RaiseAsync(TimeSpan most, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        try
        {
            return await platform.RaiseFenceAsync(most, cancellation);
        }
        catch (OperationError)
        {
            stalled = Math.Max(stalled, Math.Min(time.GetElapsedTime(start).TotalMilliseconds, most.TotalMilliseconds));
            throw;
        }
    }
}
