using System.Diagnostics;
using System.Globalization;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Backup.Bench;

/// <summary>What users got in a bounded time.</summary>
internal sealed record Rate(double PerSecond, double P99Milliseconds, double InsightsP99Milliseconds);

/// <summary>Readers of the state beside one who reads insights, in a process of its own that is pinned to one processor.</summary>
internal sealed class Requests(Installation installation)
{
    public const string Verb = "--load";
    private const string Course = "BENCH 1";
    private const string Reader = "reader";
    private const int Readers = 4;

    public async Task PrepareAsync()
    {
        var file = Path.Combine(installation.Directory, "bench.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(200, 12));
        (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
        (await installation.RunAsync("user", "add", Reader, "--role", "professor", "--course", Course)).MustSucceed();
    }

    public async Task<Rate> RateAsync(TimeSpan time, Func<CancellationToken, Task>? beside)
    {
        var link = (await installation.JsonAsync("user", "link", Reader)).GetProperty("signInUrl").GetString()!;
        using var over = new CancellationTokenSource();
        string[] arguments = ["-c", "0", Environment.ProcessPath!, Verb, installation.Url.ToString(), link, time.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        using var load = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true })!;
        var other = beside?.Invoke(over.Token) ?? Task.CompletedTask;
        var said = await load.StandardOutput.ReadToEndAsync();
        await load.WaitForExitAsync();
        await over.CancelAsync();
        await other;
        var numbers = load.ExitCode == 0 ? said.Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray() : throw new InvalidOperationException($"the readers failed: {said}");
        return new Rate(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>The pinned process: prints requests per second, and the 99th percentiles of both kinds.</summary>
    public static async Task<int> LoadAsync(string[] arguments)
    {
        var (url, link, time) = (new Uri(arguments[1]), new Uri(arguments[2]), TimeSpan.FromSeconds(double.Parse(arguments[3], CultureInfo.InvariantCulture)));
        using var session = new Session(url);
        await session.SignInAsync(link);
        var course = (await session.GetAsync<CourseSummary[]>("api/courses"))[0].Id;
        var clock = Stopwatch.StartNew();
        var insights = ReadAsync(session, $"api/courses/{course}/overview", clock, time);
        var states = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ReadAsync(session, "api/session", clock, time)));
        var (state, slow) = (states.SelectMany(times => times).ToList(), await insights);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(state.Count + slow.Count) / clock.Elapsed.TotalSeconds} {P99(state)} {P99(slow)}"));
        return 0;
    }

    private static async Task<List<double>> ReadAsync(Session session, string path, Stopwatch clock, TimeSpan time)
    {
        List<double> times = [];
        while (clock.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            await session.Http.GetByteArrayAsync(path);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private static double P99(List<double> times) => times.Order().ElementAt((int)Math.Ceiling(0.99 * times.Count) - 1);
}
