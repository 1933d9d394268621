using System.Text;
using Provost.Contracts;
using Provost.Gradebooks;
using Provost.Harness;
using Provost.Platform.Bench;

// The figures that the platform promises, measured on a real installation through its gateway, each beside its bar and its baseline.
var full = !args.Contains("--short");
var table = new FigureTable();
// Before anything else of ours runs on the machine.
double? firstUp = full ? await Startup.FirstUpSecondsAsync() : null;
await using var installation = await Installation.StartAsync(demonstration: true);

var (up, stores) = await Startup.SecondUpSecondsAsync(installation);
if (firstUp is { } seconds)
    table.Add("first up of a clone, no C# package on the machine", seconds, "s", bar: 180, ("second up", up));
else
    table.NotMeasured("first up of a clone, no C# package on the machine", "s", bar: 180);
table.Add("second up to all ready", up, "s", bar: 8, ("the two stores by themselves", stores));
var (cost, usual) = await StartCost.ProcessorSecondsAsync(installation);
table.Add("processor time of all services for a start", cost, "s", bar: Math.Round(usual, 2), ("compiled again after 30 calls", usual));
(await installation.RunAsync("down")).MustSucceed();
(await installation.UpAsync()).MustSucceed();
var (help, process) = await Startup.HelpMillisecondsAsync(installation);
table.Add("provost --help", help, "ms", bar: 100, ("/bin/true", process));
await Task.Delay(TimeSpan.FromSeconds(full ? 20 : 5));
var replicas = await installation.ReplicasAsync();
table.Add(
    "idle memory of the whole platform with the demonstration (RSS)", replicas.Sum(replica => replica.RssBytes) / 1e9, "GB", bar: 1.3,
    ("the two stores", replicas.Where(replica => replica.Service is "redis" or "clickhouse").Sum(replica => replica.RssBytes) / 1e9));

var gradebook = SeededGradebook.Canvas(500, 60);
var file = Path.Combine(installation.Directory, "gradebook.csv");
await File.WriteAllTextAsync(file, gradebook);
(await installation.RunAsync("import", file, "--course", "BENCH 1")).MustSucceed();
using var professor = await installation.SignInAsync("bench", "professor", "BENCH 1");
var overviews = new Overviews(installation, professor, (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id);
var native = BrowserInsights.NativeMilliseconds(runs: full ? 9 : 3);

table.Add(
    "import of 500 x 60, as the professor waits for it", await overviews.ImportSecondsAsync(full ? 9 : 3), "s", bar: 2,
    ("GradebookReader alone", await Timed.MedianAsync(9, () => GradebookReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(gradebook)), "gradebook.csv")) / 1000));
table.Add("overview that nobody asked for yet, facts from ClickHouse, p95", await overviews.UncachedP95Async(full ? 60 : 15), "ms", bar: 100, ("native computation", native));
var (cached, session) = await overviews.CachedP95Async(full ? 20 : 5);
table.Add("overview while imports land, 100 users, first looks, p95", await overviews.FirstLooksP95Async(full ? 30 : 8), "ms", bar: 100, ("cached, same load", cached));
table.Add("overview cached, 100 users, p95", cached, "ms", bar: 10, ("same load on api/session", session));
// Those were replicas that had just started, and compiled while they answered.
var (later, laterSession) = await overviews.CachedP95Async(full ? 20 : 5);
table.Show("the same, replicas that have run for a while", later, "ms", ("same load on api/session", laterSession));
table.Show("overview that nobody asked for yet, the same replicas", await overviews.UncachedP95Async(full ? 60 : 15), "ms", ("native computation", native));
await Oulad.MeasureAsync(installation, table);
table.Add("all insights of 500 x 60 in WebAssembly, in Chromium", await BrowserInsights.MillisecondsAsync(runs: full ? 9 : 3), "ms", bar: 1500, ("native", native));

Console.WriteLine(table);
return table.ExitCode;
