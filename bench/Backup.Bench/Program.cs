using System.Diagnostics;
using System.Globalization;
using Provost.Backup.Bench;
using Provost.Harness;
using Provost.Platform.Bench;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;

// What backups cost, on a real installation filled with facts: each figure beside what the same bytes cost cp and sha256sum.
// The stores' own tools are asked first, over a small installation (that part alone: --native).
if (args is [Requests.Verb, ..])
    return await Requests.LoadAsync(args);
var rows = args.Contains("--short") ? 4_000_000L : 40_000_000L;
var table = new FigureTable();
await using var installation = await Installation.StartAsync(demonstration: true);
await installation.JsonAsync("backup", "create");
await new NativeTools(installation, table, mutations: args.Contains("--short") ? 50 : 1000).CompareAsync();
if (args.Contains("--native"))
{
    Console.WriteLine(table);
    return table.ExitCode;
}
Directory.Delete(Path.Combine(installation.Directory, ".provost-backups"), recursive: true);
File.Delete(Path.Combine(installation.StateDirectory, "backup", "notes.json"));
var facts = new Facts(installation);
await facts.FillAsync(rows);

var first = await installation.JsonAsync("backup", "create");
var baseline = await Baseline.MeasureAsync(Path.Combine(installation.StateDirectory, "data", "clickhouse", "store"), Path.Combine(installation.Directory, "copy"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first.GetProperty("bytes").GetInt64() / 1e6:0} MB of files, {first.GetProperty("newBytes").GetInt64() / 1e6:0} MB in the repository; baseline copied {baseline.Bytes / 1e6:0} MB"));
var (bytes, newBytes, seconds) = (Number(first, "bytes"), Number(first, "newBytes"), Number(first, "seconds"));
table.Show("first backup, per GB of files", seconds / bytes * 1e9, "s", ("cp + sha256sum", baseline.SecondsPerByte * 1e9));

await facts.ChangeAsync(rows / 100);
var second = await installation.JsonAsync("backup", "create");
table.Add("second backup after 1 % change: bytes of the first", Number(second, "newBytes") / newBytes * 100, "%", bar: 5);
table.Add("second backup after 1 % change: time of the first", Number(second, "seconds") / seconds * 100, "%", bar: 20);
table.Add("write stall of the cut", Math.Max(Number(first, "writeStallMs"), Number(second, "writeStallMs")), "ms", bar: 250);

var cold = await ColdStart.MeasureAsync(new BackupSite(new(), "local", new StateDirectory(installation.StateDirectory), installation.Directory, null, null));
var restored = await installation.JsonAsync("restore", "--into", Path.Combine(installation.Directory, "restored"));
Console.WriteLine($"restore by phase: {string.Join(", ", restored.GetProperty("phases").EnumerateArray().Select(phase => $"{phase.GetProperty("name")} {phase.GetProperty("seconds")} s"))}; a cold start {cold:0.00} s");
var pure = baseline.SecondsPerByte * Number(restored, "bytes");
table.Add("restore, over 2 x (cp + sha256sum) + one cold start", Number(restored, "seconds") / ((2 * pure) + cold), "x", bar: 1, baseline: ("cp + sha256sum alone", pure / ((2 * pure) + cold)));
table.Show("restore", Number(restored, "seconds"), "s", ("cp + sha256sum", pure));

var load = new Requests(installation);
await load.PrepareAsync();
await load.RateAsync(TimeSpan.FromSeconds(4), null);
var quiet = await load.RateAsync(TimeSpan.FromSeconds(8), null);
await facts.ChangeAsync(rows / 20);
var busy = await load.RateAsync(TimeSpan.FromSeconds(8), async over =>
{
    while (!over.IsCancellationRequested)
        await installation.JsonAsync("backup", "create");
});
table.Add("requests lost to a running backup (100 % - throughput ratio)", 100 - (busy.PerSecond / quiet.PerSecond * 100), "%", bar: 15, baseline: ("requests per second without", quiet.PerSecond));
table.Show("p99 of requests while a backup runs", busy.P99Milliseconds, "ms", ("without", quiet.P99Milliseconds));
table.Show("p99 of insights while a backup runs", busy.InsightsP99Milliseconds, "ms", ("without", quiet.InsightsP99Milliseconds));
await Restic.CompareAsync(installation, table);

Console.WriteLine(table);
return table.ExitCode;

static double Number(System.Text.Json.JsonElement answer, string name) => answer.GetProperty(name).GetDouble();
