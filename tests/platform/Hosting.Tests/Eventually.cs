using System.Diagnostics;

namespace Provost.Hosting.Tests;

internal static class Eventually
{
    /// <summary>Asks again until it holds, at most 30 s; a service that does not answer yet does not hold.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }

        Assert.Fail($"Not within 30 s: {what}");
    }

    public static Task ReadyAsync(HttpClient client, string url = "/health/ready") =>
        HoldsAsync(async () => (await client.GetAsync(url)).IsSuccessStatusCode, $"{client.BaseAddress}{url} is ready");
}
