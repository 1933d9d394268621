using System.Net;
using System.Text.Json;
using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Drills;

/// <summary>The first correct answer of a restored platform to somebody who signed in: the courses that they teach, with what the living ones hold.</summary>
/// <param name="accounts">Of the backup.</param>
/// <param name="courses">What each course held at the cut.</param>
internal sealed class FirstAnswer(OperatorClient platform, IReadOnlyList<string> accounts, IReadOnlyDictionary<string, CourseMark> courses)
{
    public async Task RequireAsync(CancellationToken cancellation)
    {
        var found = await platform.AccountsAsync(cancellation);
        if (!found.Select(a => a.User).Order(StringComparer.Ordinal).SequenceEqual(accounts))
        {
            throw new OperationError(ErrorKind.Failed, $"the restored platform knows {found.Count} accounts, the backup {accounts.Count}", "provost backup verify --restore shows more");
        }
        // A professor sees most; without one, whoever there is.
        if ((found.FirstOrDefault(a => Taught(a).Any()) ?? (found.Count > 0 ? found[0] : null)) is not { } account)
        {
            return;
        }
        using var http = await SignInAsync(new Uri((await platform.LinkAsync(account.User, cancellation)).SignInUrl), cancellation);
        using var own = await GetAsync(http, "/api/courses", cancellation);
        var shown = own.RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!);
        foreach (var course in Taught(account))
        {
            if (!shown.TryGetValue(course, out var summary))
            {
                throw Differs($"the course {course} is not shown to its professor");
            }
            RequireSame(course, courses.GetValueOrDefault(course), summary);
            if (courses[course].Version > 0)
            {
                // Computed from the facts: the other store answers too.
                using var overview = await GetAsync(http, $"/api/courses/{Uri.EscapeDataString(course)}/overview", cancellation);
                RequireFacts(course, courses[course], overview.RootElement);
            }
        }
    }

    private static IEnumerable<string> Taught(Account account) => account.Memberships.Where(m => m.Role == "Professor").Select(m => m.Course);

    internal static void RequireSame(string course, CourseMark? mark, JsonElement summary)
    {
        var (version, students, assessments) = (summary.GetProperty("version").GetInt64(), summary.GetProperty("students").GetInt32(), summary.GetProperty("assessments").GetInt32());
        if (mark is null || (mark.Version, mark.Students, mark.Assessments) != (version, students, assessments))
        {
            throw Differs($"the course {course} is answered with version {version}, {students} students and {assessments} assessments; the living one had {(mark is null ? "nothing" : $"version {mark.Version}, {mark.Students} and {mark.Assessments}")}");
        }
    }

    internal static void RequireFacts(string course, CourseMark mark, JsonElement overview)
    {
        if (overview.GetProperty("course").GetProperty("version").GetInt64() != mark.Version || overview.GetProperty("assessments").GetArrayLength() == 0)
        {
            throw Differs($"the insights of the course {course} are not those of its version {mark.Version}");
        }
    }

    private static async Task<HttpClient> SignInAsync(Uri link, CancellationToken cancellation)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false }) { BaseAddress = new Uri(link.GetLeftPart(UriPartial.Authority)) };
        try
        {
            using var session = await GetAsync(http, "/api/session", cancellation);
            http.DefaultRequestHeaders.Add("X-Provost-Antiforgery", session.RootElement.GetProperty("antiforgeryToken").GetString());
            using var body = new StringContent($$"""{"token":"{{link.Segments[^1]}}"}""", System.Text.Encoding.UTF8, "application/json");
            using var signedIn = await http.PostAsync(new Uri("/api/session/link", UriKind.Relative), body, cancellation);
            return signedIn.IsSuccessStatusCode ? http : throw Differs($"signing in is answered with {(int)signedIn.StatusCode}");
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    private static async Task<JsonDocument> GetAsync(HttpClient http, string path, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return answer.IsSuccessStatusCode
            ? await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation) : throw Differs($"{path} is answered with {(int)answer.StatusCode}");
    }

    private static OperationError Differs(string how) => new(ErrorKind.Failed, $"the restored platform does not answer as the living one: {how}", "restore to a folder and look at it: provost restore --into DIR");
}
