using System.Diagnostics;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>One read: how long it took, and the version of what came.</summary>
internal readonly record struct Look(double Milliseconds, string? Version);

/// <summary>
/// Users who look, think for a second, and look again, each time for the whole answer, packed as browsers ask for it; unpacking it
/// is the work of their own machines. Bounded in time; a read that fails fails the bench.
/// </summary>
internal sealed class Load(Session session, int users, int seconds) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { CookieContainer = session.Cookies })
    {
        BaseAddress = session.Http.BaseAddress,
        DefaultRequestHeaders = { { "Accept-Encoding", "br" } },
    };

    /// <summary>The 95th percentile of all reads, milliseconds.</summary>
    public async Task<double> P95Async(string path)
    {
        await http.GetByteArrayAsync(path);
        return Timed.Percentile((await LooksAsync(path)).SelectMany(looks => looks).Select(look => look.Milliseconds), 0.95);
    }

    /// <summary>
    /// The 95th percentile of each user's first read of each version but the first, milliseconds: what is not in that user's
    /// browser, and for the first of them nowhere.
    /// </summary>
    public async Task<double> FirstLooksP95Async(string path)
    {
        var firsts = (await LooksAsync(path)).SelectMany(looks => looks.DistinctBy(look => look.Version).Skip(1));
        return Timed.Percentile(firsts.Select(look => look.Milliseconds), 0.95);
    }

    public void Dispose() => http.Dispose();

    private Task<List<Look>[]> LooksAsync(string path) => Task.WhenAll(Enumerable.Range(0, users).Select(user => UserAsync(path, new Random(user))));

    private async Task<List<Look>> UserAsync(string path, Random random)
    {
        var looks = new List<Look>();
        var clock = Stopwatch.StartNew();
        await Task.Delay(random.Next(1000));
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            looks.Add(await LookAsync(path));
            await Task.Delay(500 + random.Next(1000));
        }
        return looks;
    }

    private async Task<Look> LookAsync(string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(path);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return new Look(Stopwatch.GetElapsedTime(started).TotalMilliseconds, answer.Headers.ETag?.Tag);
    }
}
