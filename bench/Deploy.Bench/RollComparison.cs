using System.Globalization;
using Provost.Harness;

namespace Provost.Deploy.Bench;

/// <summary>A deployment of an installation of plain processes beside a stop and a start of the same.</summary>
internal static class RollComparison
{
    private const int DrainSeconds = 5;

    public static async Task RunAsync(Bars bars, int rounds)
    {
        await using var installation = await Installation.StartAsync(extraKeys: $"    shutdown: {{ drain: {DrainSeconds}s }}");
        var live = (await installation.JsonAsync("status")).GetProperty("release").GetString()!;
        // Without its backup, which the other way of bringing a release live does not take either.
        var (roll, report) = await MedianAsync(rounds, async () =>
        {
            CommandResult? said = null;
            var noticed = await Interruption.MeasureAsync(installation.Url, async () => said = (await Command.ProvostAsync(installation.Directory, TimeSpan.FromMinutes(10), "deploy", live, "--no-backup", "--json")).MustSucceed());
            return (noticed, said!.Json);
        });
        var restart = await Interruption.MeasureAsync(installation.Url, async () =>
        {
            (await installation.RunAsync("down")).MustSucceed();
            await installation.UpAsync();
        });
        var ready = await StartToReady.MeasureAsync(installation, rounds);
        Console.WriteLine("bring a release live                      seconds   longest gap ms   failed requests");
        Row("provost deploy (nobody shall notice)", roll);
        Row("stop and start (baseline)", restart);
        Console.WriteLine("steps of the deployment: " + string.Join(", ", report.GetProperty("steps").EnumerateArray().Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"{step.GetProperty("name").GetString()} {step.GetProperty("seconds").GetDouble():0.0} s"))));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio of the gaps {roll.LongestGapMs / restart.LongestGapMs:0.000}; one api replica from start to ready {ready.TotalSeconds:0.00} s"));
        bars.AtMost("requests that failed during the deployment", roll.Failed, 0);
        bars.AtMost($"seconds of a roll of 2 replicas; 2 x start to ready + {DrainSeconds} s drain", roll.Seconds, (2 * ready.TotalSeconds) + DrainSeconds);
        Console.WriteLine();
    }

    private static async Task<(Interruption Noticed, System.Text.Json.JsonElement Report)> MedianAsync(int rounds, Func<Task<(Interruption Noticed, System.Text.Json.JsonElement Report)>> measure)
    {
        var all = new List<(Interruption Noticed, System.Text.Json.JsonElement Report)>();
        for (var round = 0; round < rounds; round++)
            all.Add(await measure());
        var median = all.OrderBy(one => one.Noticed.Seconds).ElementAt(rounds / 2);
        // What users noticed in any of them counts.
        return (median.Noticed with { Failed = all.Sum(one => one.Noticed.Failed), LongestGapMs = all.Max(one => one.Noticed.LongestGapMs) }, median.Report);
    }

    private static void Row(string name, Interruption figures) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-40} {figures.Seconds,8:0.0} {figures.LongestGapMs,16:0} {figures.Failed,17}"));
}
