using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Telemetry;

/// <summary>The reference of metrics is written from the meters of the running service, and what is scraped stands on it.</summary>
[Collection(TelemetryCollection.Name)]
public sealed partial class MetricsPageTests(RealStores stores)
{
    private const string Page = "docs/reference/metrics.md";

    private static readonly (string Family, string Meaning)[] Framework =
    [
        ("http_server_request_duration_seconds", "Requests by route, method and status: rate, errors and latency"),
        ("http_client_request_duration_seconds", "Requests to ClickHouse, by status"),
        ("kestrel_active_connections", "Open connections"),
        ("dotnet_process_memory_working_set_bytes", "Memory of the process"),
        ("dotnet_process_cpu_time_seconds_total", "Processor time, by mode"),
        ("dotnet_gc_collections_total", "Garbage collections, by generation"),
    ];

    [Fact]
    public async Task The_page_of_metrics_is_the_committed_one_and_has_whatever_is_scraped()
    {
        var instruments = new Dictionary<string, Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Note(instruments, instrument) };
        listener.Start();
        await using var api = await ApiServer.StartAsync(stores);
        await UseAsync(api);
        var scraped = Families(await api.Operator.GetStringAsync("metrics"));
        listener.Dispose();

        var page = Markdown(instruments.Values);
        var file = Path.Combine(Repository.Root, Page);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), page);
        var own = scraped.Where(family => family.StartsWith("provost_", StringComparison.Ordinal)).ToArray();
        Assert.InRange(own.Length, 6, instruments.Count);
        Assert.Empty(own.Except(instruments.Values.Select(Family)));
        Assert.Empty(Framework.Select(row => row.Family).Except(scraped));
    }

    // Something of everything that is measured, except live messages: they have tests of their own.
    private static async Task UseAsync(ApiServer api)
    {
        var course = $"Metrics {Guid.NewGuid():N}"[..20];
        var id = (await api.ImportAsync(course, SeededGradebook.Canvas(20, 6))).Course;
        using var professor = await api.SignInAsync($"p-{id}", Role.Professor, course);
        await professor.GetAsync<CourseOverview>($"api/courses/{id}/overview");
        using var anonymous = new ApiClient(api.Url);
        await anonymous.SessionAsync();
        (await anonymous.PostAsync("api/session/link", new LinkSignIn("no-such-token"))).Dispose();
    }

    private static void Note(Dictionary<string, Instrument> instruments, Instrument instrument)
    {
        if (instrument.Meter.Name is "Provost.Api" or "Provost.Hosting")
            lock (instruments)
                instruments[instrument.Name] = instrument;
    }

    private static string[] Families(string scrape) => [.. TypeLine().Matches(scrape).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    // As the exporter for Prometheus names it.
    private static string Family(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (instrument is Counter<long> ? "_total" : "");

    private static string Kind(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        Histogram<double> => "histogram",
        _ => "gauge",
    };

    private static string Markdown(IEnumerable<Instrument> instruments)
    {
        var text = new StringBuilder("""
            # Metrics

            What services tell Prometheus at `/metrics`, on the admin listener where there is one. This page is written from the meters
            themselves: `UPDATE_GOLDEN=1` with the tests of the Api writes it anew.

            ## Of the platform

            | metric | kind | services | meaning |
            |---|---|---|---|

            """);
        foreach (var one in instruments.OrderBy(Family, StringComparer.Ordinal))
            text.Append($"| `{Family(one)}` | {Kind(one)} | {(one.Meter.Name == "Provost.Hosting" ? "all" : "api")} | {one.Description} |\n");
        text.Append("""

            ## Of .NET, in every service

            All instruments of ASP.NET Core, Kestrel, SignalR, rate limiting and the runtime, and in the api of the HTTP client, as .NET
            documents them. Those that one looks at first:

            | metric | meaning |
            |---|---|

            """);
        foreach (var (family, meaning) in Framework)
            text.Append($"| `{family}` | {meaning} |\n");
        return text.Append("""

            ## Of backups

            `backup/metrics.prom` in the state directory is for the textfile collector of Prometheus' node exporter; see
            [backups](../guides/backups.md).

            """).ToString();
    }
}
