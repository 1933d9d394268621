using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.Imports;

public sealed class OperatorImportTests(RealStores stores)
{
    private readonly string module = $"Z{Guid.NewGuid():N}"[..8].ToUpperInvariant();

    [Fact]
    public async Task A_zip_with_the_OULAD_tables_makes_a_course_per_presentation_and_answers_with_all_reports()
    {
        await using var api = await ApiServer.StartAsync(stores);

        var reports = (await SendAsync(api, "application/json")).RootElement;
        var lines = (await SendAsync(api, "application/x-ndjson")).RootElement.EnumerateArray().ToArray();

        Assert.Equal(2, reports.GetArrayLength());
        Assert.All(reports.EnumerateArray(), report => Assert.True(report.GetProperty("changed").GetBoolean()));
        Assert.All(lines[^1].GetProperty("report").EnumerateArray(), report => Assert.False(report.GetProperty("changed").GetBoolean()));
        using var professor = await api.SignInAsync($"p-{module.ToLowerInvariant()}", Role.Professor, $"{module} 2014B");
        var course = Assert.Single(await professor.GetAsync<CourseSummary[]>("api/courses"));
        Assert.Equal(12, course.Students);
        var card = await professor.GetAsync<BacktestCard>($"api/courses/{course.Id}/backtest");
        Assert.Contains($"2 finished courses of this installation ({module} 2013J, {module} 2014B)", card.Source, StringComparison.Ordinal);
        using var asked = await api.Operator.GetAsync($"api/operator/backtest?course={module}%202014B");
        Assert.Equal(JsonSerializer.Serialize(card, ApiClient.Json), JsonSerializer.Serialize(await ApiClient.ReadAsync<BacktestCard>(asked), ApiClient.Json));
    }

    [Theory]
    [InlineData("", 422)]
    [InlineData("no%20such%20course", 404)]
    public async Task A_backtest_of_no_course_is_refused(string course, int status)
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var answer = await api.Operator.GetAsync($"api/operator/backtest?course={course}");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("professor")]
    [InlineData("Professor")]
    public async Task Roles_are_understood_in_any_case(string role)
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var answer = await api.Operator.PostAsync("api/operator/accounts", new StringContent(
            $$"""{"user":"{{module}}{{role.Length}}{{role[0]}}","role":"{{role}}","course":"{{module}}"}""", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("/sign-in/", (await ApiClient.ReadAsync<SignInLink>(answer)).SignInUrl, StringComparison.Ordinal);
    }

    // Lines come back as one array, so that both kinds of answers are one document.
    private async Task<JsonDocument> SendAsync(ApiServer api, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/operator/imports?course=OULAD&file=oulad.zip") { Content = new ByteArrayContent(Zip()) };
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await api.Operator.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(accept.EndsWith("ndjson", StringComparison.Ordinal) ? $"[{string.Join(',', body.Split('\n', StringSplitOptions.RemoveEmptyEntries))}]" : body);
    }

    private byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, lines) in Tables())
            {
                using var writer = new StreamWriter(zip.CreateEntry($"oulad/{name}.csv").Open());
                writer.Write(string.Join('\n', lines) + "\n");
            }

        return bytes.ToArray();
    }

    private IEnumerable<(string Name, string[] Lines)> Tables()
    {
        (string Term, int Assessment, int Student)[] terms = [("2013J", 100, 1000), ("2014B", 200, 2000)];
        yield return ("courses", ["code_module,code_presentation,module_presentation_length", .. terms.Select(term => $"{module},{term.Term},240")]);
        yield return ("assessments", ["code_module,code_presentation,id_assessment,assessment_type,date,weight",
            .. terms.SelectMany(term => Enumerable.Range(0, 4).Select(j => $"{module},{term.Term},{term.Assessment + j},TMA,{20 + (40 * j)},25"))]);
        yield return ("studentInfo", ["code_module,code_presentation,id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,studied_credits,disability,final_result",
            .. terms.SelectMany(term => Enumerable.Range(0, 12).Select(i => $"{module},{term.Term},{term.Student + i},F,X,X,X,0-35,0,60,N,{(i % 3 == 0 ? "Fail" : "Pass")}"))]);
        yield return ("studentRegistration", ["code_module,code_presentation,id_student,date_registration,date_unregistration",
            .. terms.SelectMany(term => Enumerable.Range(0, 12).Select(i => $"{module},{term.Term},{term.Student + i},-20,"))]);
        yield return ("studentAssessment", ["id_assessment,id_student,date_submitted,is_banked,score",
            .. terms.SelectMany(term => Enumerable.Range(0, 12).SelectMany(i => Enumerable.Range(0, 4).Select(j => $"{term.Assessment + j},{term.Student + i},{18 + (40 * j)},0,{40 + (i * 4) + j}")))]);
    }
}
