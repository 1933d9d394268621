using System.Globalization;
using Provost.Deploy.Bench;
using Provost.Harness;

// A roll beside a plain stop and start of the same installation; the gateway beside nginx and HAProxy that balance the same two
// replicas (that part alone: --edge). Figures of one run on one machine: the ratio is what counts.
var seconds = args.Contains("--short") ? 3 : 15;

if (!args.Contains("--edge"))
    await CompareRollAsync();
Console.WriteLine(await EdgeComparison.RunAsync(seconds));

static async Task CompareRollAsync()
{
    await using var installation = await Installation.StartAsync();
    var live = (await installation.JsonAsync("status")).GetProperty("release").GetString()!;
    var roll = await Interruption.MeasureAsync(installation.Url, async () => (await Command.ProvostAsync(installation.Directory, TimeSpan.FromMinutes(10), "deploy", live)).MustSucceed());
    var restart = await Interruption.MeasureAsync(installation.Url, async () =>
    {
        (await installation.RunAsync("down")).MustSucceed();
        await installation.UpAsync();
    });
    var ready = await StartToReady.MeasureAsync(installation);
    Console.WriteLine("bring a release live                      seconds   longest gap ms   failed requests");
    Row("provost deploy (nobody shall notice)", roll);
    Row("stop and start (baseline)", restart);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"ratio of the gaps {roll.LongestGapMs / restart.LongestGapMs:0.000}; one api replica from start to ready {ready.TotalSeconds:0.0} s, drain 5 s: the roll took {roll.Seconds / ((2 * ready.TotalSeconds) + 5):0.00} x (2 x start to ready + drain)"));
    Console.WriteLine();
}

static void Row(string name, Interruption figures) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{name,-40} {figures.Seconds,8:0.0} {figures.LongestGapMs,16:0} {figures.Failed,17}"));
