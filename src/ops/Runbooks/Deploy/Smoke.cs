using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Deploy;

/// <summary>One thing that was tried through the public door.</summary>
public sealed record SmokeCheck(string Check, bool Ok, string What, double Milliseconds);

/// <summary>What every user needs, tried through the edge as users reach it: page, its files, session, sign-in wall, release.</summary>
/// <param name="live">The release that is to answer.</param>
public sealed partial class Smoke(OperatorDoor door, string live, TimeProvider time)
{
    private const int Rounds = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<SmokeCheck>> RunAsync(CancellationToken cancellation)
    {
        List<SmokeCheck> checks = [];
        // A new connection for each round: with several gateways behind one socket, one connection would show only one of them.
        for (var round = 1; round <= Rounds; round++)
        {
            using var http = new HttpClient(door.Handler()) { BaseAddress = door.Url, Timeout = Limit };
            checks.Add(await TryAsync("session", () => ExpectAsync(http, "/api/session", HttpStatusCode.OK, cancellation)));
            checks.Add(await TryAsync("release", () => ReleaseAsync(http, cancellation)));
            if (round == 1)
            {
                checks.Add(await TryAsync("page", () => PageAsync(http, cancellation)));
                checks.Add(await TryAsync("courses", () => ExpectAsync(http, "/api/courses", HttpStatusCode.Unauthorized, cancellation)));
                checks.Add(await TryAsync("live", () => ExpectAsync(http, "/live", HttpStatusCode.Unauthorized, cancellation)));
            }
        }
        return [.. checks.GroupBy(c => c.Check).Select(g => g.FirstOrDefault(c => !c.Ok) ?? g.Last())];
    }

    /// <summary>Refuses with every check that failed.</summary>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        var failed = (await RunAsync(cancellation)).Where(c => !c.Ok).ToList();
        if (failed.Count > 0)
        {
            throw new OperationError(
                ErrorKind.Failed, $"the smoke checks failed: {failed[0].Check}: {failed[0].What}", "provost logs shows what the services say", [.. failed.Skip(1).Select(c => $"{c.Check}: {c.What}")]);
        }
    }

    private async Task<SmokeCheck> TryAsync(string check, Func<Task<string>> run)
    {
        var start = time.GetTimestamp();
        try
        {
            return new SmokeCheck(check, true, await run(), Milliseconds(start));
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException or TaskCanceledException or System.Text.Json.JsonException)
        {
            return new SmokeCheck(check, false, e.Message, Milliseconds(start));
        }
    }

    private double Milliseconds(long start) => Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1);

    private static async Task<string> ExpectAsync(HttpClient http, string path, HttpStatusCode expected, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return response.StatusCode == expected ? $"GET {path}: {(int)expected}"
            : throw new InvalidDataException($"GET {path} was answered with {(int)response.StatusCode}, not {(int)expected}");
    }

    private async Task<string> ReleaseAsync(HttpClient http, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/operator/version");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", door.Token);
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        var release = (await response.Content.ReadFromJsonAsync(OperatorJson.Default.PlatformVersion, cancellation))?.Release;
        return release == live ? $"{release} answers" : throw new InvalidDataException($"release {release} answers, not {live}");
    }

    // The page must not be kept by the browser, and every file that it names must be there: the files of this very release.
    private static async Task<string> PageAsync(HttpClient http, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri("/", UriKind.Relative), cancellation);
        response.EnsureSuccessStatusCode();
        if (response.Headers.CacheControl is not { NoCache: true })
        {
            throw new InvalidDataException("GET / may be kept by browsers: Cache-Control is not no-cache");
        }
        var files = FilesOf(await response.Content.ReadAsStringAsync(cancellation));
        foreach (var file in files)
        {
            await ExpectAsync(http, "/" + file, HttpStatusCode.OK, cancellation);
        }
        return files.Count > 0 ? $"page and {files.Count} files" : throw new InvalidDataException("GET / names no file of the application");
    }

    /// <summary>The scripts and styles that a page names.</summary>
    internal static IReadOnlyList<string> FilesOf(string page) =>
        [.. Reference().Matches(page).Select(m => m.Groups["file"].Value.TrimStart('/')).Where(f => f.Length > 0 && !f.Contains(':', StringComparison.Ordinal)).Distinct()];

    [GeneratedRegex("(?:src|data-dotnet)=\"(?<file>[^\"#]+\\.js)\"|href=\"(?<file>[^\"#]+\\.css)\"")]
    private static partial Regex Reference();
}
