namespace Provost.Runbooks.Backups.Making;

/// <summary>Two things at once, of which none goes on alone: when this returns or throws, both have ended.</summary>
internal static class Both
{
    public static async Task<(TOne One, TOther Other)> OfAsync<TOne, TOther>(
        Func<CancellationToken, Task<TOne>> one, Func<CancellationToken, Task<TOther>> other, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (first, second) = (one(stop.Token), other(stop.Token));
        var sooner = await Task.WhenAny(first, second);
        if (!sooner.IsCompletedSuccessfully)
        {
            await stop.CancelAsync();
        }
        await Task.WhenAll(first, second).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sooner;
        return (await first, await second);
    }
}
