using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Fences;

/// <summary>Raises a fence on every replica and lowers it; any replica may be asked for either.</summary>
internal sealed class FenceRaising(FenceState state, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    // A replica of an earlier release knows no call: it is told to stand still without one.
    private static readonly TimeSpan CallLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when every replica stands still. Meanwhile nothing is committed anywhere.</summary>
    public async Task<Fence> RaiseAsync(TimeSpan most, CancellationToken cancellation)
    {
        var token = Guid.NewGuid().ToString("N");
        var replicas = await state.ReplicasAsync();
        await CallAsync(replicas, cancellation);
        if (!await state.BeginAsync(token, most))
            throw ApiError.Conflict("A fence is up already", "Another backup makes its cut at this moment: try again in a second");
        try
        {
            if (!await AnsweredAsync(token, replicas, most / 2, cancellation))
                throw ApiError.Conflict("Not every replica stood still in time", "A replica is starting, ending or overloaded: try again");
        }
        catch
        {
            await state.EndAsync(token);
            throw;
        }

        return new Fence(token, (int)replicas, most.TotalMilliseconds);
    }

    public async Task<FenceEnd> LowerAsync(string token, TimeSpan most)
    {
        // Its own time to live is the one clock that all replicas share: they fall later than it, never earlier.
        var (current, left) = await state.CurrentAsync();
        await state.EndAsync(token);
        return current == token ? new FenceEnd(true, (most - left).TotalMilliseconds) : new FenceEnd(false, most.TotalMilliseconds);
    }

    // What a replica does for the first time takes it long, and what was paged out too: before anybody waits for it, not while.
    private async Task CallAsync(long replicas, CancellationToken cancellation)
    {
        var call = Guid.NewGuid().ToString("N");
        await state.CallAsync(call);
        await AnsweredAsync(call, replicas, CallLimit, cancellation);
    }

    private async Task<bool> AnsweredAsync(string token, long replicas, TimeSpan limit, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (await state.AnswersAsync(token) < replicas)
        {
            if (time.GetElapsedTime(start) > limit)
                return false;
            await Task.Delay(Look, time, cancellation);
        }
        return true;
    }
}
