using System.Text.Json;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>The page that a professor opens, of 500 students and 60 assessments: computed anew, right after an import, and cached.</summary>
internal sealed class Overviews(Installation installation, Session professor, string course)
{
    private const int Users = 100;
    private static readonly TimeSpan BetweenImports = TimeSpan.FromSeconds(2);

    private int revision;

    private string Path => $"api/courses/{course}/overview";

    /// <summary>Seconds of an import through the gateway, as the professor waits for it.</summary>
    public async Task<double> ImportSecondsAsync(int rounds) =>
        await Timed.MedianAsync(rounds, () => ImportAsync(installation.Url)) / 1000;

    /// <summary>
    /// One replica imports, then the other one is asked: it has neither the marks nor what follows from them, and nobody asked
    /// before. So the facts come from ClickHouse and everything is computed, every time.
    /// </summary>
    public async Task<double> UncachedP95Async(int rounds)
    {
        var (importing, asked) = (Replica("api-1"), Replica("api-2"));
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await ImportAsync(importing);
            times.Add((await Timed.OnceAsync(() => professor.Http.GetByteArrayAsync(new Uri(asked, Path)))).TotalMilliseconds);
        }
        return Timed.Percentile(times, 0.95);
    }

    /// <summary>Users look all the time while imports land.</summary>
    public async Task<double> FirstLooksP95Async(int seconds)
    {
        using var pin = new Pin();
        using var load = new Load(professor, Users, seconds);
        var looking = load.FirstLooksP95Async(Path);
        while (!looking.IsCompleted)
        {
            await ImportAsync(installation.Url);
            await Task.WhenAny(looking, Task.Delay(BetweenImports));
        }
        return await looking;
    }

    /// <summary>The same load on a page that is computed, and on an answer that needs no course at all.</summary>
    public async Task<(double Cached, double Session)> CachedP95Async(int seconds)
    {
        using var pin = new Pin();
        using var load = new Load(professor, Users, seconds);
        return (await load.P95Async(Path), await load.P95Async("api/session"));
    }

    private async Task ImportAsync(Uri replica)
    {
        using var body = new StringContent(SeededGradebook.Canvas(500, 60, revision: ++revision));
        using var answer = await professor.Http.PostAsync(new Uri(replica, $"api/courses/{course}/imports?file=gradebook.csv"), body);
        answer.EnsureSuccessStatusCode();
    }

    // Session cookies do not know ports: what is signed in at the gateway is signed in here.
    private Uri Replica(string id)
    {
        using var ports = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(installation.StateDirectory, "ports.json")));
        return new Uri($"http://localhost:{ports.RootElement.GetProperty(id).GetInt32()}");
    }
}
