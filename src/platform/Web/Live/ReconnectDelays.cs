using Microsoft.AspNetCore.SignalR.Client;

namespace Provost.Web.Live;

/// <summary>
/// Never gives up: about 0.5, 1, 2 ... 30 seconds, each spread over half to one and a half times, so that a class that
/// lost its server together does not come back together.
/// </summary>
internal sealed class ReconnectDelays(Random random) : IRetryPolicy
{
    public TimeSpan? NextRetryDelay(RetryContext retryContext) => After(retryContext.PreviousRetryCount);

    public TimeSpan After(long retries)
    {
        var seconds = Math.Min(30, 0.5 * Math.Pow(2, Math.Min(retries, 10)));
        return TimeSpan.FromSeconds(seconds * (0.5 + random.NextDouble()));
    }

    /// <summary>After a server's farewell: somewhere within the time that it asked for.</summary>
    public TimeSpan Within(int milliseconds) => TimeSpan.FromMilliseconds(random.NextDouble() * Math.Clamp(milliseconds, 50, 60_000));
}
