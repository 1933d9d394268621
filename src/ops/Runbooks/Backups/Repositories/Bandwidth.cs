namespace Provost.Runbooks.Backups.Repositories;

/// <summary>Lets bytes pass at a rate; with no limit, at once.</summary>
internal sealed class Bandwidth(long? bytesPerSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private long free = time.GetTimestamp();

    public async Task TakeAsync(int bytes, CancellationToken cancellation)
    {
        if (bytesPerSecond is not { } rate)
        {
            return;
        }
        TimeSpan wait;
        lock (gate)
        {
            var now = time.GetTimestamp();
            wait = time.GetElapsedTime(now, Math.Max(now, free));
            free = Math.Max(now, free) + (long)(bytes / (double)rate * time.TimestampFrequency);
        }
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation);
        }
    }
}
