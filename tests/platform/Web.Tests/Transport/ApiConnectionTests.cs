using System.Net;
using System.Text;
using Provost.Contracts;
using Provost.Web.Accounts;
using Provost.Web.Courses;
using Provost.Web.Imports;
using Provost.Web.Transport;

namespace Provost.Web.Tests.Transport;

public sealed class ApiConnectionTests
{
    [Fact]
    public async Task A_read_that_the_network_lost_is_tried_once_more()
    {
        var server = new ScriptedServer(_ => throw new HttpRequestException("lost"), _ => Json("[]"));

        Assert.Empty(await new CoursesClient(server.Connection).ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_second_loss_is_told_in_words()
    {
        var server = new ScriptedServer(_ => throw new HttpRequestException("lost"), _ => throw new HttpRequestException("lost"));

        var problem = await Assert.ThrowsAsync<ApiProblem>(() => new CoursesClient(server.Connection).ListAsync(TestContext.Current.CancellationToken));

        Assert.Equal("The server cannot be reached", problem.Title);
        Assert.Null(problem.Status);
    }

    [Fact]
    public async Task A_change_is_never_sent_twice()
    {
        var server = new ScriptedServer(_ => throw new HttpRequestException("lost"), _ => Json("{}"));

        await Assert.ThrowsAsync<ApiProblem>(() => new CoursesClient(server.Connection).SaveSettingsAsync("math", new(0.2, true, 0, null)));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Changes_carry_the_antiforgery_token_of_the_session_and_reads_do_not()
    {
        var server = new ScriptedServer(
            _ => Json("""{"user":"ada","isAdmin":false,"memberships":[],"antiforgeryToken":"t-1","release":"1","hasPassword":true}"""),
            _ => new HttpResponseMessage(HttpStatusCode.NoContent));
        await new AccountsClient(server.Connection).SessionAsync(TestContext.Current.CancellationToken);

        await new CoursesClient(server.Connection).SaveSettingsAsync("math", new(0.2, true, 0, null));

        Assert.False(server.Requests[0].Headers.Contains("X-Provost-Antiforgery"));
        Assert.Equal("t-1", Assert.Single(server.Requests[1].Headers.GetValues("X-Provost-Antiforgery")));
    }

    [Fact]
    public async Task A_problem_says_what_where_and_what_next()
    {
        var server = new ScriptedServer(_ => Json("""{"title":"A mark is no number","detail":"Correct it and import again.","status":422,"line":14,"column":"Quiz 3"}""", HttpStatusCode.UnprocessableEntity));

        var problem = await Assert.ThrowsAsync<ApiProblem>(() => new ImportsClient(server.Connection).PreviewAsync("math", new ChosenFile("a.csv", [1]), TestContext.Current.CancellationToken));

        Assert.Equal("A mark is no number", problem.Title);
        Assert.Equal("Line 14, column “Quiz 3”. Correct it and import again.", problem.Advice);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_answer_without_words_still_gets_some(HttpStatusCode status)
    {
        var server = new ScriptedServer(_ => new HttpResponseMessage(status) { Content = new StringContent("<html>") });

        var problem = await Assert.ThrowsAsync<ApiProblem>(() => new CoursesClient(server.Connection).ListAsync(TestContext.Current.CancellationToken));

        Assert.NotEmpty(problem.Title);
        Assert.NotEmpty(problem.Advice);
    }

    [Fact]
    public async Task A_session_that_ended_is_noticed_but_a_wrong_password_is_not_one()
    {
        var server = new ScriptedServer(_ => Json("""{"title":"wrong"}""", HttpStatusCode.Unauthorized), _ => Json("{}", HttpStatusCode.Unauthorized));
        var ended = 0;
        server.Connection.SignedOut += () => ended++;

        await Assert.ThrowsAsync<ApiProblem>(() => new AccountsClient(server.Connection).SignInAsync(new PasswordSignIn("ada", "x")));
        Assert.Equal(0, ended);

        await Assert.ThrowsAsync<ApiProblem>(() => new CoursesClient(server.Connection).ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task An_import_tells_its_progress_and_then_its_report()
    {
        var server = new ScriptedServer(_ => Json("""
            {"progress":{"course":"math","phase":"reading","bytesRead":5,"bytesTotal":10,"rows":3}}
            {"report":{"course":"math","format":"canvas","encoding":"UTF-8","delimiter":",","students":3,"assessments":1,"cells":{"graded":3,"missing":0,"excused":0,"pending":0,"notDue":0},"guesses":[],"ignoredColumns":[],"warnings":[],"changed":true,"addedStudents":3,"changedCells":3,"version":4}}
            """));
        List<int> rows = [];

        var report = await new ImportsClient(server.Connection).ImportAsync("math", new ChosenFile("a.csv", [1]), removeAbsent: false, progress =>
        {
            rows.Add(progress.Rows);
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);

        Assert.Equal([3], rows);
        Assert.Equal(4, report.Version);
        Assert.Equal("application/x-ndjson", server.Requests[0].Headers.Accept.ToString());
    }

    [Fact]
    public async Task An_import_that_fails_midway_says_why_and_one_that_breaks_off_is_no_success()
    {
        var refused = new ScriptedServer(_ => Json("""{"problem":{"title":"Line too long","detail":"Export again.","status":422,"line":9}}"""));
        var broken = new ScriptedServer(_ => Json("""{"progress":{"course":"math","phase":"reading","bytesRead":5,"bytesTotal":10,"rows":3}}"""));

        var problem = await Assert.ThrowsAsync<ApiProblem>(() => Import(refused));
        Assert.Equal(("Line too long", "Line 9. Export again."), (problem.Title, problem.Advice));
        Assert.Equal("The import ended without a report", (await Assert.ThrowsAsync<ApiProblem>(() => Import(broken))).Title);
    }

    private static Task<ImportReport> Import(ScriptedServer server) => new ImportsClient(server.Connection).ImportAsync(
        "math", new ChosenFile("a.csv", [1]), removeAbsent: false, _ => Task.CompletedTask, TestContext.Current.CancellationToken);

    private static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Answers in the order of the script.</summary>
    private sealed class ScriptedServer(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        private ApiConnection? connection;

        public List<HttpRequestMessage> Requests { get; } = [];

        public ApiConnection Connection => connection ??= new ApiConnection(new HttpClient(this) { BaseAddress = new Uri("http://localhost/") });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            return Task.FromResult(answers[Requests.Count - 1](request));
        }
    }
}
