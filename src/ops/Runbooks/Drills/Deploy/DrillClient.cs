using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Drills.Deploy;

internal sealed record DrillSession(string AntiforgeryToken);

internal sealed record DrillToken(string Token);

internal sealed record DrillCourse(string Id, string Name);

internal sealed record DrillSettings(double Capacity, bool MissingCountsZero, double GraceDays, string? Start);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DrillSession))]
[JsonSerializable(typeof(DrillToken))]
[JsonSerializable(typeof(DrillCourse[]))]
[JsonSerializable(typeof(DrillSettings))]
internal sealed partial class DrillJson : JsonSerializerContext;

/// <summary>
/// A professor of the drill's own course, signed in as a browser would be. The course is made for drills and stays; the
/// account goes when the drill ends. Nobody else's data are touched.
/// </summary>
internal sealed class DrillClient : IAsyncDisposable
{
    private const string User = "provost-drill";
    private const string CourseName = "Provost drill";
    private const string Gradebook = """
        Student,ID,SIS User ID,SIS Login ID,Section,First (1),Second (2)
        Points Possible,,,,,10,10
        "Drill, One",1,d1,d1,A,9,8
        "Drill, Two",2,d2,d2,A,5,6
        "Drill, Three",3,d3,d3,A,7,

        """;

    private readonly OperatorClient platform;

    private DrillClient(OperatorDoor door)
    {
        platform = OperatorClient.For(door);
        Door = door;
    }

    public OperatorDoor Door { get; }

    public string Course { get; private set; } = "";

    public CookieContainer Cookies { get; } = new();

    public string AntiforgeryToken { get; private set; } = "";

    public static async Task<DrillClient> SignInAsync(OperatorDoor door, CancellationToken cancellation)
    {
        var client = new DrillClient(door);
        await client.ImportAsync(cancellation);
        var link = await client.platform.AddAccountAsync(new AccountRequest(User, "Professor", CourseName, null, null), cancellation);
        using var http = client.Http();
        await client.RefreshTokenAsync(http, cancellation);
        using var answer = await client.SendAsync(http, HttpMethod.Post, "/api/session/link", JsonContent.Create(new DrillToken(new Uri(link.SignInUrl).Segments[^1]), DrillJson.Default.DrillToken), cancellation);
        answer.EnsureSuccessStatusCode();
        await client.RefreshTokenAsync(http, cancellation);
        var courses = await http.GetFromJsonAsync("/api/courses", DrillJson.Default.DrillCourseArray, cancellation) ?? [];
        client.Course = courses.Single(c => c.Name == CourseName).Id;
        return client;
    }

    /// <summary>A client with connections of its own and the session's cookies.</summary>
    public HttpClient Http()
    {
        var handler = Door.Handler();
        handler.UseCookies = true;
        handler.CookieContainer = Cookies;
        return new HttpClient(handler) { BaseAddress = Door.Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Provost-Antiforgery", AntiforgeryToken);
        return await http.SendAsync(request, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        using (platform)
        {
            try
            {
                await platform.RemoveAccountAsync(User, CancellationToken.None);
            }
            catch (Exception e) when (e is OperationError or HttpRequestException or IOException)
            {
                // What the drill found out counts more; the next one takes the account over.
            }
        }
    }

    private async Task RefreshTokenAsync(HttpClient http, CancellationToken cancellation) =>
        AntiforgeryToken = (await http.GetFromJsonAsync("/api/session", DrillJson.Default.DrillSession, cancellation))?.AntiforgeryToken ?? "";

    private async Task ImportAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("provost-drill-");
        try
        {
            var file = Path.Combine(folder.FullName, "drill.csv");
            await File.WriteAllTextAsync(file, Gradebook, cancellation);
            await platform.ImportAsync(ImportSource.From(file), CourseName, _ => { }, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
