using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Provost.Runbooks.Deploy;

namespace Provost.Runbooks.Drills.Deploy;

/// <summary>Clients that read data, open pages with their files, and change something, all the time and at an even pace.</summary>
internal sealed partial class HttpLoad(DrillClient client, Tally tally, TimeProvider time)
{
    private const int PageEvery = 10;
    private static readonly TimeSpan ChangeEvery = TimeSpan.FromMilliseconds(250);

    // Every file that any page has named since the drill began: a page that is open may ask for it at any time.
    private readonly ConcurrentDictionary<string, byte> files = new();
    private long changes;

    /// <summary>Changes that were acknowledged.</summary>
    public long Changes => Volatile.Read(ref changes);

    public Task RunAsync(int clients, double requestsPerSecond, CancellationToken cancellation)
    {
        var pace = TimeSpan.FromSeconds(clients / requestsPerSecond);
        return Task.WhenAll([ChangeAsync(cancellation), .. Enumerable.Range(0, clients).Select(n => ReadAsync(n, pace, cancellation))]);
    }

    private async Task ReadAsync(int number, TimeSpan pace, CancellationToken cancellation)
    {
        using var http = client.Http();
        await Task.Delay(pace * (number % 7 / 7.0), time, CancellationToken.None);
        for (var round = number; !cancellation.IsCancellationRequested; round++)
        {
            var start = time.GetTimestamp();
            if (round % PageEvery == 0)
            {
                await PageAsync(http, round);
            }
            else
            {
                string path = (round % 3) switch { 0 => $"/api/courses/{client.Course}/settings", 1 => "/api/courses", _ => "/api/session" };
                await GetAsync(http, path);
            }
            var left = pace - time.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, CancellationToken.None);
            }
        }
    }

    private async Task PageAsync(HttpClient http, int round)
    {
        if (await GetAsync(http, "/") is { } page)
        {
            foreach (var file in Smoke.FilesOf(page).Where(f => files.TryAdd(f, 0)).ToList())
            {
                // The loader names the files that the application is made of.
                if (file.Contains("_framework/dotnet.", StringComparison.Ordinal) && await GetAsync(http, "/" + file, isFile: true) is { } loader)
                {
                    foreach (var part in Fingerprinted().Matches(loader).Select(m => "_framework/" + m.Value))
                    {
                        files.TryAdd(part, 0);
                    }
                }
            }
        }
        if (files.Keys.Skip(round * 31 % Math.Max(1, files.Count)).FirstOrDefault() is { } known)
        {
            await FileAsync(http, "/" + known);
        }
    }

    private Task<string?> GetAsync(HttpClient http, string path, bool isFile = false) => AskAsync(http, path, [], isFile);

    // Compressed as a browser asks for it, and not looked into.
    private Task<string?> FileAsync(HttpClient http, string path) => AskAsync(http, path, ["br", "gzip"], isFile: true);

    private async Task<string?> AskAsync(HttpClient http, string path, string[] encodings, bool isFile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Array.ForEach(encodings, request.Headers.AcceptEncoding.ParseAdd);
        tally.CountSent();
        var start = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, CancellationToken.None);
            var body = encodings.Length == 0 ? await response.Content.ReadAsStringAsync(CancellationToken.None) : "";
            if (response.IsSuccessStatusCode)
            {
                tally.Answers.Good(time.GetElapsedTime(start), $"GET {path}");
                return body;
            }
            if (isFile && response.StatusCode == HttpStatusCode.NotFound)
            {
                tally.CountAssetError($"GET {path}: 404");
            }
            else
            {
                tally.CountFailed($"GET {path}: {(int)response.StatusCode}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            tally.CountLost($"GET {path}: {Reason(e)}");
        }
        return null;
    }

    // One after the other, so that what was acknowledged can be counted in the course's own numbering.
    private async Task ChangeAsync(CancellationToken cancellation)
    {
        using var http = client.Http();
        for (var round = 0; !cancellation.IsCancellationRequested; round++)
        {
            tally.CountSent();
            var start = time.GetTimestamp();
            try
            {
                var settings = JsonContent.Create(new DrillSettings(0.2, true, round % 20, null), DrillJson.Default.DrillSettings);
                using var response = await client.SendAsync(http, HttpMethod.Put, $"/api/courses/{client.Course}/settings", settings, CancellationToken.None);
                if (response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref changes);
                    tally.Answers.Good(time.GetElapsedTime(start), "PUT settings");
                }
                else
                {
                    tally.CountFailed($"PUT settings: {(int)response.StatusCode}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                tally.CountLost($"PUT settings: {Reason(e)}");
            }
            await Task.Delay(ChangeEvery, time, CancellationToken.None);
        }
    }

    private static string Reason(Exception e) => e.InnerException is { } inner ? $"{e.Message} ({inner.Message})" : e.Message;

    [GeneratedRegex(@"[A-Za-z0-9_.-]+\.[a-z0-9]{10}\.(?:wasm|js|dat)")]
    private static partial Regex Fingerprinted();
}
