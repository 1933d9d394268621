using System.Diagnostics;
using System.Globalization;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>Asks the edge without a break, as somebody who has a page open, until it is told to end.</summary>
internal sealed class EdgeWatch : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Session session;
    private readonly Task work;
    private readonly List<string> failures = [];
    private int asked;

    /// <param name="authority">Certificate of the site's own authority; null where there is none.</param>
    public EdgeWatch(Uri url, string? authority)
    {
        session = new Session(url, authority);
        work = AskAsync();
    }

    /// <returns>How often it asked, and what it got instead of an answer.</returns>
    public async Task<(int Asked, IReadOnlyList<string> Failures)> EndAsync()
    {
        await ending.CancelAsync();
        await work;
        return (asked, failures);
    }

    public void Dispose()
    {
        session.Dispose();
        ending.Dispose();
    }

    private async Task AskAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            asked++;
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await session.Http.GetAsync(new Uri("api/session", UriKind.Relative), CancellationToken.None);
                if (!answer.IsSuccessStatusCode)
                {
                    Note($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}", start);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Note(e.Message, start);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    private void Note(string what, long start) =>
        failures.Add(string.Create(CultureInfo.InvariantCulture, $"request {asked}, after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {what}"));
}
