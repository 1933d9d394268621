using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using Provost.Api.Telemetry;

namespace Provost.Api.Insights;

/// <summary>
/// What this process has computed. Keys contain the course's data version and everything else that the value depends on, so
/// nothing stale is ever found; who asks for the same thing at the same time waits for one computation.
/// </summary>
internal sealed class InsightCache(CacheOptions options, ApiMeters meters) : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly MemoryCache memory = new(new MemoryCacheOptions { SizeLimit = (long)options.Megabytes << 20, CompactionPercentage = 0.2 });
    private readonly ConcurrentDictionary<string, Lazy<Task<object>>> underway = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> courses = new();

    public bool IsOn => options.Megabytes > 0;

    /// <param name="course">Whose data it is: <see cref="Drop"/> frees it.</param>
    /// <param name="key">Everything that the value depends on.</param>
    /// <param name="make">Makes the value and says about how many bytes it holds.</param>
    public async Task<T> GetAsync<T>(string course, string key, Func<Task<(T Value, long Bytes)>> make) where T : class
    {
        if (!IsOn)
            return (await make()).Value;
        if (memory.TryGetValue(key, out var found))
        {
            meters.CacheHit("memory");
            return (T)found!;
        }

        meters.CacheMiss("memory");
        var flight = underway.GetOrAdd(key, _ => new Lazy<Task<object>>(() => Task.Run(async () =>
        {
            try
            {
                var (value, bytes) = await make();
                Keep(course, key, value, bytes);
                return (object)value;
            }
            finally
            {
                underway.TryRemove(key, out var _);
            }
        })));
        return (T)await flight.Value;
    }

    public void Keep<T>(string course, string key, T value, long bytes) where T : class
    {
        if (!IsOn)
            return;
        var life = courses.GetOrAdd(course, _ => new CancellationTokenSource());
        memory.Set(key, value, new MemoryCacheEntryOptions
        {
            Size = Math.Max(1, bytes),
            SlidingExpiration = Idle,
            ExpirationTokens = { new CancellationChangeToken(life.Token) },
        });
    }

    /// <summary>Forgets what was kept of a course now, instead of when it has been idle for a while.</summary>
    public void Drop(string course)
    {
        if (courses.TryRemove(course, out var life))
            life.Cancel();
    }

    public void Dispose() => memory.Dispose();
}
