using System.Globalization;
using System.Net;
using Provost.Api.Courses;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Telemetry;

/// <summary>What a scrape of /metrics says of this service. Other tests run in the same process: figures are compared with those before.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class MetricsTests(RealStores stores)
{
    private static readonly string[] StoreOperations =
    [
        "provost_store_duration_seconds_count store=\"redis\" operation=\"course.commit\" result=\"ok\"",
        "provost_store_duration_seconds_count store=\"clickhouse\" operation=\"insert.cells\" result=\"ok\"",
        "provost_store_duration_seconds_count store=\"clickhouse\" operation=\"count\" result=\"ok\"",
        // In steps of seconds: those that nobody asks for would end at 0, 5, 10, ....
        "provost_store_duration_seconds_bucket store=\"clickhouse\" operation=\"count\" result=\"ok\" le=\"1\"",
        "provost_imports_duration_seconds_bucket result=\"changed\" le=\"20\"",
    ];

    private readonly string course = $"Metrics {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    [Fact]
    public async Task Imports_by_result_with_their_durations_the_cache_and_the_stores_are_counted()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        string[] watched =
        [
            .. StoreOperations,
            .. ((string[])["changed", "unchanged", "refused"]).SelectMany(result => (string[])
                [$"provost_imports_total result=\"{result}\"", $"provost_imports_duration_seconds_count result=\"{result}\""]),
            .. ((string[])["hit", "miss"]).Select(result => $"provost_cache_requests_total level=\"memory\" result=\"{result}\""),
            "provost_imports_rows_total",
        ];
        var before = await ScrapeAsync(api, watched);

        var csv = SeededGradebook.Canvas(20, 5);
        await professor.ImportAsync(Id, csv);
        await professor.ImportAsync(Id, csv);
        using var refused = await professor.Http.PostAsync($"api/courses/{Id}/imports?file=bad.csv", new StringContent("no gradebook"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        for (var round = 0; round < 2; round++)
            await professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview");

        // A scrape may be half a second old.
        for (var attempt = 0; ; attempt++, await Task.Delay(200))
        {
            var after = await ScrapeAsync(api, watched);
            string[] unmoved = [.. watched.Where(figure => after[figure] <= before[figure])];
            if (unmoved.Length == 0)
                break;
            Assert.True(attempt < 50, $"not counted: {string.Join(", ", unmoved)}");
        }
    }

    /// <summary>The sum of all series of a name that have the labels.</summary>
    private static async Task<Dictionary<string, double>> ScrapeAsync(ApiServer api, string[] watched)
    {
        var lines = (await api.Operator.GetStringAsync("metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
        return watched.ToDictionary(figure => figure, figure =>
        {
            var parts = figure.Split(' ');
            return lines.Where(line => line.StartsWith(parts[0] + "{", StringComparison.Ordinal) && parts.Skip(1).All(label => line.Contains(label, StringComparison.Ordinal)))
                .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
        });
    }
}
