using System.Text.Json;
using Provost.Api.Courses;
using Provost.Api.Facts;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Imports;

public sealed class ImportTests(RealStores stores)
{
    private readonly string course = $"Import {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var csv = SeededGradebook.Canvas(30, 10);

        var first = await api.ImportAsync(course, csv);
        var second = await api.ImportAsync(course, csv);

        Assert.True(first.Changed);
        Assert.Equal((30, 10, 30), (first.Students, first.Assessments, first.AddedStudents));
        Assert.False(second.Changed);
        Assert.Equal(0, second.ChangedCells);
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(first.Cells, second.Cells);
        Assert.Single(await api.Get<CourseState>().ImportsAsync(Id));
    }

    [Fact]
    public async Task A_preview_says_what_the_import_then_does_and_changes_nothing()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        var csv = SeededGradebook.Canvas(25, 8);
        var before = await api.Get<CourseState>().FindAsync(Id);

        using var answer = await professor.Http.PostAsync($"api/courses/{Id}/imports/preview?file=gradebook.csv", new StringContent(csv));
        var preview = await ApiClient.ReadAsync<ImportPreview>(answer);
        var between = await api.Get<CourseState>().FindAsync(Id);
        var report = await professor.ImportAsync(Id, csv);

        Assert.Equal(before, between);
        Assert.Empty(await api.Get<NameState>().AllAsync("unknown-course"));
        Assert.Equal(10, preview.Rows.Count);
        Assert.All(preview.Rows, row => Assert.Equal(8, row.Cells.Count));
        Assert.Equal(
            (preview.Report.Cells, preview.Report.Changed, preview.Report.AddedStudents, preview.Report.ChangedCells),
            (report.Cells, report.Changed, report.AddedStudents, report.ChangedCells));
    }

    [Fact]
    public async Task A_newer_file_updates_what_it_mentions_and_keeps_the_rest()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var old = await api.ImportAsync(course, "Student,ID,SIS User ID,SIS Login ID,Section,Essay (1),Quiz (2)\nPoints Possible,,,,,10,10\n"
            + "\"One, Ann\",1,a1,a1,A,5,8\n\"Two, Bob\",2,b2,b2,B,6,9\n");
        var newer = await api.ImportAsync(course, "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (2),Exam (3)\nPoints Possible,,,,,10,100\n"
            + "\"Two, Bob\",2,b2,b2,B,3,70\n\"Three, Cem\",3,c3,c3,A,7,80\n");
        var record = await api.Get<CourseState>().FindAsync(Id);
        var content = await api.Get<SnapshotFacts>().ReadAsync(Id, record!.Snapshot, TestContext.Current.CancellationToken);
        var names = (await api.Get<NameState>().AllAsync(Id)).ToDictionary(name => name.Value.SourceId, name => name.Key);

        Assert.True(old.Changed && newer.Changed);
        Assert.Equal(1, newer.AddedStudents);
        Assert.Equal((3, 3), (content.Students.Count, content.Assessments.Count));
        Assert.Equal(3, names.Count);
        Assert.Equal([50, 80], Scores(content, "Ann", "Essay", "Quiz"));
        Assert.Equal([60, 30, 70], Scores(content, "Bob", "Essay", "Quiz", "Exam"));
        Assert.Equal([70, 80], Scores(content, "Cem", "Quiz", "Exam"));

        double[] Scores(Snapshot snapshot, string person, params string[] assessments)
        {
            var key = api.Get<NameState>().AllAsync(Id).Result.Single(name => name.Value.Name.Contains(person, StringComparison.Ordinal)).Key;
            var row = snapshot.Students.ToList().FindIndex(student => student.Key == key);
            return [.. assessments.Select(name => snapshot[row, snapshot.Assessments.ToList().FindIndex(assessment => assessment.Name.StartsWith(name, StringComparison.Ordinal))].Score)];
        }
    }

    [Fact]
    public async Task Whom_a_newer_file_does_not_mention_is_named_and_stays_unless_removal_is_asked_for()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        const string header = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (2)\nPoints Possible,,,,,10\n";
        const string ann = "\"One, Ann\",1,a1,a1,A,5\n";
        await professor.ImportAsync(Id, header + ann + "\"Two, Bob\",2,b2,b2,B,6\n\"Three, Cem\",3,c3,c3,B,7\n");

        using var answer = await professor.Http.PostAsync($"api/courses/{Id}/imports/preview?file=g.csv", new StringContent(header + ann));
        var preview = (await ApiClient.ReadAsync<ImportPreview>(answer)).Report;
        var kept = await professor.ImportAsync(Id, header + ann);
        var byOperator = await api.ImportAsync(course, header + ann);

        Assert.Equal(["Three, Cem", "Two, Bob"], preview.Absent!.Select(student => student.Name));
        Assert.Equal(preview.Absent, kept.Absent);
        Assert.False(preview.Changed || kept.Changed || kept.RemovesAbsent);
        Assert.Contains("2 students of the course are not in this file: kept, with the marks known so far", kept.Guesses);
        Assert.Equal(kept.Absent!.Select(student => (student.Student, (string?)null)), byOperator.Absent!.Select(student => (student.Student, student.Name)));
        Assert.Equal(3, (await professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview")).Triage.Count);

        using var removing = await professor.Http.PostAsync($"api/courses/{Id}/imports?file=g.csv&removeAbsent=true", new StringContent(header + ann));
        var removed = await ApiClient.ReadAsync<ImportReport>(removing);
        Assert.True(removed.Changed && removed.RemovesAbsent);
        Assert.Equal(["One, Ann"], (await professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview")).Triage.Select(row => row.Name));
        Assert.False((await professor.ImportAsync(Id, header + ann)).Changed);
    }

    [Fact]
    public async Task What_a_crashed_import_wrote_is_seen_by_nobody_and_swept()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(20, 5));
        var before = await professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview");
        var (facts, courses) = (api.Get<SnapshotFacts>(), api.Get<CourseState>());
        var record = (await courses.FindAsync(Id))!;
        var content = await facts.ReadAsync(Id, record.Snapshot, TestContext.Current.CancellationToken);

        // As far as an import gets before its commit.
        var version = await courses.NextVersionAsync(Id);
        await facts.WriteAsync(Id, version, content with { Students = [.. content.Students.Select(student => student with { Section = "crashed" })] }, TestContext.Current.CancellationToken);

        await using var cold = await ApiServer.StartAsync(stores, ("Cache:Megabytes", "0"));
        using var again = await cold.SignInAsync($"p-{Id}", Role.Professor, course);
        var after = await again.GetAsync<CourseOverview>($"api/courses/{Id}/overview");
        Assert.Equal(before.Triage.Select(row => row.Section), after.Triage.Select(row => row.Section));

        await facts.SweepAsync(new Dictionary<string, long> { [Id] = record.Snapshot }, TimeSpan.FromHours(6), TestContext.Current.CancellationToken);
        Assert.True(await facts.CountAsync(Id, version, TestContext.Current.CancellationToken) > 0, "An attempt that may still be running was swept");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        await facts.SweepAsync(new Dictionary<string, long> { [Id] = record.Snapshot }, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await UntilAsync(async () => await facts.CountAsync(Id, version, TestContext.Current.CancellationToken) == 0);
        Assert.True(await facts.CountAsync(Id, record.Snapshot, TestContext.Current.CancellationToken) > 0);
    }

    [Fact]
    public async Task Imports_at_the_same_time_on_two_replicas_all_count()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, Column("First", 1));

        var reports = await Task.WhenAll(Enumerable.Range(2, 8).Select(i => (i % 2 == 0 ? api : replica).ImportAsync(course, Column($"Part {i}", i))));
        var record = (await api.Get<CourseState>().FindAsync(Id))!;
        var content = await api.Get<SnapshotFacts>().ReadAsync(Id, record.Snapshot, TestContext.Current.CancellationToken);

        Assert.All(reports, report => Assert.True(report.Changed));
        Assert.Equal(9, content.Assessments.Count);
        Assert.Equal(9, reports.Select(report => report.Version).Append(1).Distinct().Count());
        Assert.Equal(9, record.Sequence);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => (long)i), (await api.Get<CourseState>().ChangesAfterAsync(Id, 0)).Select(change => change.Sequence));

        static string Column(string name, int id) => $"Student,ID,SIS User ID,SIS Login ID,Section,{name} ({id})\nPoints Possible,,,,,10\n\"One, Ann\",1,a1,a1,A,5\n";
    }

    [Fact]
    public async Task Progress_comes_line_by_line_and_the_report_or_the_problem_is_the_last_line()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        professor.Http.DefaultRequestHeaders.Add("Accept", "application/x-ndjson");

        var good = await LinesAsync(professor, SeededGradebook.Canvas(200, 20));
        var bad = await LinesAsync(professor, "no gradebook");

        Assert.Contains(good, line => line.TryGetProperty("progress", out _));
        Assert.True(good[^1].GetProperty("report").GetProperty("changed").GetBoolean());
        Assert.Equal(422, bad[^1].GetProperty("problem").GetProperty("status").GetInt32());
        Assert.All(good.Concat(bad), line => Assert.Single(line.EnumerateObject()));

        async Task<JsonElement[]> LinesAsync(ApiClient client, string csv)
        {
            using var answer = await client.Http.PostAsync($"api/courses/{Id}/imports?file=g.csv", new StringContent(csv));
            Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
            return [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++, await Task.Delay(100))
            Assert.True(attempt < 100, "Not within 10 s");
    }
}
