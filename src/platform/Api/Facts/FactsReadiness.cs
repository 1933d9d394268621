namespace Provost.Api.Facts;

/// <summary>
/// Whether the facts can be worked with, for probes that come every second: whether the store answers. Its schema, which costs a query
/// of some ten milliseconds and changes only with a deployment, is looked at again every few seconds.
/// </summary>
internal sealed class FactsReadiness(FactsStore facts, Schema schema, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private long? inRangeSince;

    /// <exception cref="InvalidOperationException">The store does not answer well, or has a schema that this release does not work with.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (inRangeSince is { } since && time.GetElapsedTime(since) < BetweenLooks)
        {
            if (!await facts.PingAsync(cancellation))
                throw new InvalidOperationException("ClickHouse answers, and not that it is well");
            return;
        }

        inRangeSince = null;
        await schema.MustBeInRangeAsync(cancellation);
        inRangeSince = time.GetTimestamp();
    }
}
