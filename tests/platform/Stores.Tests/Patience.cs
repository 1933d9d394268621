using System.Diagnostics;

namespace Provost.Stores.Tests;

/// <summary>Waits for something to become true, as long as a busy machine may need.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task<bool> UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task<bool> UntilAsync(Func<Task<bool>> condition)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Limit; await Task.Delay(Pause))
        {
            if (await condition())
            {
                return true;
            }
        }

        return false;
    }
}
