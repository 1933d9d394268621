using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Tests.Operator;

public sealed class OperatorClientTests : IDisposable
{
    private const string Report = """{"course":"math-101","students":3,"changed":true}""";
    private readonly TemporaryState temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task An_import_is_sent_again_when_a_replica_goes_away_and_its_progress_is_told()
    {
        var lines = $$$"""
            {"progress":{"course":"math-101","phase":"reading","bytesRead":5,"bytesTotal":10,"rows":1}}
            {"report":{{{Report}}}}

            """;
        var problem = """{"title":"Service Unavailable"}""";
        using var platform = new FakePlatform(temporary.State, null, FakePlatform.Status(503, problem), FakePlatform.Status(502, problem), FakePlatform.Ok(lines, "application/x-ndjson"));
        using var client = OperatorClient.For(temporary.State);
        List<ImportState> progress = [];

        var report = await client.ImportAsync(ImportSource.From(File("grades.csv", "Student,Quiz\nAda,9\n")), "MATH 101", progress.Add, TestContext.Current.CancellationToken);

        Assert.Equal(Report, report.GetRawText());
        Assert.Equal(5, Assert.Single(progress).BytesRead);
        Assert.Equal(4, platform.Requests.Count);
        Assert.All(platform.Requests, r => Assert.EndsWith("Student,Quiz\nAda,9\n", r, StringComparison.Ordinal));
        Assert.StartsWith("POST /api/operator/imports?course=MATH%20101&file=grades.csv HTTP/1.1", platform.Requests[0], StringComparison.Ordinal);
        Assert.Contains($"Authorization: Bearer {temporary.State.Secret("operator", "Operator__Token")}", platform.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_the_platforms_own_words_with_line_and_column_and_is_not_sent_again()
    {
        using var platform = new FakePlatform(temporary.State, FakePlatform.Ok(
            """{"problem":{"title":"Line 3 has 4 fields instead of 5","detail":"Correct the line","line":3,"column":"Quiz"}}""" + "\n", "application/x-ndjson"));
        using var client = OperatorClient.For(temporary.State);

        var error = await Assert.ThrowsAsync<OperationError>(
            () => client.ImportAsync(ImportSource.From(File("grades.csv", "x")), "MATH 101", _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Equal("Line 3 has 4 fields instead of 5 (line 3, column \"Quiz\")", error.Message);
        Assert.Equal("Correct the line", error.Remedy);
        Assert.Single(platform.Requests);
    }

    [Fact]
    public async Task A_folder_is_sent_as_a_zip_that_is_made_on_the_way()
    {
        var folder = Path.Combine(temporary.State.Root, "oulad");
        Directory.CreateDirectory(folder);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "courses.csv"), "code_module\nAAA\n", TestContext.Current.CancellationToken);
        using var platform = new FakePlatform(temporary.State, FakePlatform.Ok($$"""{"reports":[{{Report}}]}""" + "\n", "application/x-ndjson"));
        using var client = OperatorClient.For(temporary.State);

        var reports = await client.ImportAsync(ImportSource.From(folder), "OULAD", _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(1, reports.GetArrayLength());
        Assert.Contains("file=oulad.zip", platform.Requests[0], StringComparison.Ordinal);
        Assert.Contains("PK\u0003\u0004", platform.Requests[0], StringComparison.Ordinal);
        Assert.Contains("courses.csv", platform.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backtest_is_asked_for_by_the_name_of_the_course_and_refused_in_the_platforms_words()
    {
        using var platform = new FakePlatform(
            temporary.State, FakePlatform.Ok("""{"auc":{"28":0.7}}"""), FakePlatform.Status(404, """{"title":"There is no course \"X\"","detail":"Import one","status":404}"""));
        using var client = OperatorClient.For(temporary.State);

        Assert.Equal("""{"auc":{"28":0.7}}""", await client.BacktestAsync("MATH 101", TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<OperationError>(() => client.BacktestAsync("X", TestContext.Current.CancellationToken));

        Assert.StartsWith("GET /api/operator/backtest?course=MATH%20101 HTTP/1.1", platform.Requests[0], StringComparison.Ordinal);
        Assert.Equal((ErrorKind.Refused, "There is no course \"X\"", "Import one"), (error.Kind, error.Message, error.Remedy));
    }

    [Fact]
    public async Task Accounts_are_added_and_links_read()
    {
        using var platform = new FakePlatform(temporary.State, FakePlatform.Ok("""{"user":"ada","signInUrl":"http://localhost/sign-in/x","expires":"2026-01-02T00:00:00+00:00"}"""));
        using var client = OperatorClient.For(temporary.State);

        var link = await client.AddAccountAsync(new AccountRequest("ada", "TA", "MATH 101", ["A"], null), TestContext.Current.CancellationToken);

        Assert.Equal("http://localhost/sign-in/x", link.SignInUrl);
        Assert.Contains("\"role\":\"TA\"", platform.Requests[0], StringComparison.Ordinal);
        Assert.Contains("\"sections\":[\"A\"]", platform.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_installation_the_error_says_how_to_start_one() =>
        Assert.Equal(ErrorKind.NotRunning, Assert.Throws<OperationError>(() => OperatorClient.For(temporary.State)).Kind);

    private string File(string name, string text)
    {
        var path = Path.Combine(temporary.State.Root, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
