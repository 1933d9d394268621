using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>Asks the edge without a break, as somebody who has a page open, until it is told to end.</summary>
internal sealed class EdgeWatch : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Session session;
    private readonly Task work;
    private int asked;
    private int failed;

    /// <param name="authority">Certificate of the site's own authority; null where there is none.</param>
    public EdgeWatch(Uri url, string? authority)
    {
        session = new Session(url, authority);
        work = AskAsync();
    }

    public async Task<(int Asked, int Failed)> EndAsync()
    {
        await ending.CancelAsync();
        await work;
        return (asked, failed);
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
            try
            {
                using var answer = await session.Http.GetAsync(new Uri("api/session", UriKind.Relative), CancellationToken.None);
                failed += answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                failed++;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }
}
