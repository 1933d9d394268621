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
        importSeconds = meter.CreateHistogram<double>("provost.imports.duration", "s", "From the first byte to the commit, by result");
        storeSeconds = meter.CreateHistogram<double>("provost.store.duration", "s", "Answers of the stores, retries included, by store and operation");
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
}
