using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Provost.Api.Telemetry;

/// <summary>What this service measures of itself; requests, live connections and runtime come with Hosting.</summary>
internal sealed class ApiMeters : IDisposable
{
    public const string Name = "Provost.Api";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> cache;
    private readonly Counter<long> liveMessages;
    private readonly Counter<long> imports;
    private readonly Counter<long> importRows;
    private readonly Histogram<double> importSeconds;
    private readonly Histogram<double> storeSeconds;
    private readonly Counter<long> signInFailures;

    public ApiMeters()
    {
        cache = meter.CreateCounter<long>("provost.cache.requests", "{request}", "Look-ups in the cache of insights, by level and result");
        liveMessages = meter.CreateCounter<long>("provost.live.messages", "{message}", "Live messages sent");
        imports = meter.CreateCounter<long>("provost.imports", "{import}", "Imports, by result: changed, unchanged, refused (also in a preview) or failed");
        importRows = meter.CreateCounter<long>("provost.imports.rows", "{row}", "Cells written by imports");
        importSeconds = meter.CreateHistogram(
            "provost.imports.duration", "s", "From the first byte to the commit, by result", advice: Bounds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60));
        storeSeconds = meter.CreateHistogram(
            "provost.store.duration", "s", "Answers of the stores, retries included, by store and operation", advice: Bounds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30));
        signInFailures = meter.CreateCounter<long>("provost.signin.failures", "{failure}", "Refused sign-ins, by reason");
    }

    public void CacheHit(string level) => cache.Add(1, new("level", level), new("result", "hit"));

    public void CacheMiss(string level) => cache.Add(1, new("level", level), new("result", "miss"));

    public void LiveSent() => liveMessages.Add(1);

    public void SignInFailed(string reason) => signInFailures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Imported(string result, int rows, TimeSpan duration)
    {
        imports.Add(1, new KeyValuePair<string, object?>("result", result));
        importRows.Add(rows);
        importSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("result", result));
    }

    public void StoreAnswered(string store, string operation, bool succeeded, long since)
    {
        var tags = new TagList { { "store", store }, { "operation", operation }, { "result", succeeded ? "ok" : "failed" } };
        storeSeconds.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, tags);
    }

    public void Dispose() => meter.Dispose();

    // Left to itself, a histogram counts in steps that are meant for milliseconds.
    private static InstrumentAdvice<double> Bounds(params double[] seconds) => new() { HistogramBucketBoundaries = seconds };
}
