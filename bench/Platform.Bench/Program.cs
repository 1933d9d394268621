using System.Diagnostics;
using Provost.Contracts;
using Provost.Harness;
using Provost.Platform.Bench;

// The figures that the platform promises, measured on a real installation through its gateway, each beside its bar and its baseline.
var soak = !args.Contains("--short");
var table = new FigureTable();
await using var installation = await Installation.StartAsync();

(await installation.RunAsync("down")).MustSucceed();
var second = await TimeAsync(installation.UpAsync);
table.Add("second up to all ready", second.TotalSeconds, "s", bar: 8);
var help = await MedianAsync(9, async () => (await installation.RunAsync("--help")).MustSucceed());
var bareProcess = await MedianAsync(9, () => Process.Start("/bin/true").WaitForExitAsync());
table.Add("provost --help", help, "ms", bar: 100, baseline: ("/bin/true", bareProcess));
await Task.Delay(TimeSpan.FromSeconds(soak ? 20 : 5));
table.Add("idle memory of the whole platform (RSS)", (await installation.ReplicasAsync()).Sum(replica => replica.RssBytes) / 1e9, "GB", bar: 1.3);

var file = Path.Combine(installation.Directory, "gradebook.csv");
await File.WriteAllTextAsync(file, SeededGradebook.Canvas(500, 60));
(await installation.RunAsync("import", file, "--course", "BENCH 1")).MustSucceed();
using var professor = await installation.SignInAsync("bench", "professor", "BENCH 1");
var course = (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id;
var load = new Load(professor, users: 100, seconds: soak ? 20 : 5);

table.Add("import of 500 x 60, as the professor waits for it", await ImportSecondsAsync(professor, course, soak ? 9 : 3), "s", bar: 2);
table.Add("overview uncached, p95", await UncachedAsync(professor, course, soak ? 60 : 15), "ms", bar: 100);
var bare = await load.PercentileAsync("api/session", 0.95);
var cached = await load.PercentileAsync($"api/courses/{course}/overview", 0.95);
table.Add("overview cached, 100 users, p95", cached, "ms", bar: 10, baseline: ("same load on api/session", bare));

var oulad = Path.Combine(Repository.Root, "../shared/data/oulad");
if (Directory.Exists(oulad))
{
    var seconds = await TimeAsync(async () => (await installation.RunAsync("import", oulad, "--course", "OULAD")).MustSucceed());
    table.Add("OULAD folder: 121,738 results, 15 presentations", seconds.TotalSeconds, "s", bar: 20);
}

var native = BrowserInsights.NativeMilliseconds(runs: soak ? 9 : 3);
table.Add("all insights of 500 x 60 in WebAssembly, in Chromium", await BrowserInsights.MillisecondsAsync(runs: soak ? 9 : 3), "ms", bar: 1500, baseline: ("native", native));

Console.WriteLine(table);
return table.ExitCode;

static async Task<TimeSpan> TimeAsync(Func<Task> work)
{
    var started = Stopwatch.GetTimestamp();
    await work();
    return Stopwatch.GetElapsedTime(started);
}

static async Task<double> MedianAsync(int runs, Func<Task> work)
{
    var times = new List<double>();
    for (var run = 0; run < runs; run++)
        times.Add((await TimeAsync(work)).TotalMilliseconds);
    return times.Order().ElementAt(runs / 2);
}

static async Task<double> ImportSecondsAsync(Session professor, string course, int rounds)
{
    var times = new List<double>();
    for (var revision = 1; revision <= rounds; revision++)
    {
        using var body = new StringContent(SeededGradebook.Canvas(500, 60, revision: revision));
        times.Add((await TimeAsync(async () =>
        {
            using var answer = await professor.Http.PostAsync($"api/courses/{course}/imports?file=gradebook.csv", body);
            answer.EnsureSuccessStatusCode();
        })).TotalSeconds);
    }
    return times.Order().ElementAt(rounds / 2);
}

// Each read follows a change of the course's rules, so nothing that was computed before can answer it.
static async Task<double> UncachedAsync(Session professor, string course, int rounds)
{
    var times = new List<double>();
    for (var round = 0; round < rounds; round++)
    {
        var settings = new CourseSettings(0.1 + round * 0.001, MissingCountsZero: true, GraceDays: 0, Start: null);
        using var changed = await professor.Http.PutAsync(
            $"api/courses/{course}/settings", System.Net.Http.Json.JsonContent.Create(settings));
        changed.EnsureSuccessStatusCode();
        times.Add((await TimeAsync(async () => await professor.Http.GetByteArrayAsync($"api/courses/{course}/overview"))).TotalMilliseconds);
    }
    return times.Order().ElementAt((int)Math.Ceiling(0.95 * rounds) - 1);
}
