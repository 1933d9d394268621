using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Fences;

/// <summary>Raises a fence on every replica and lowers it; any replica may be asked for either.</summary>
internal sealed class FenceRaising(FenceState state, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns when every replica stands still. Meanwhile nothing is committed anywhere.</summary>
    public async Task<Fence> RaiseAsync(TimeSpan most, CancellationToken cancellation)
    {
        var token = Guid.NewGuid().ToString("N");
        var replicas = await state.ReplicasAsync();
        if (!await state.BeginAsync(token, most))
            throw ApiError.Conflict("A fence is up already", "Another backup makes its cut at this moment: try again in a second");
        var start = time.GetTimestamp();
        try
        {
            while (await state.StandingAsync(token) < replicas)
            {
                if (time.GetElapsedTime(start) > most / 2)
                    throw ApiError.Conflict("Not every replica stood still in time", "A replica is starting, ending or overloaded: try again");
                await Task.Delay(Look, time, cancellation);
            }
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
}
