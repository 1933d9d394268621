using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Drills;

/// <summary>Somebody who reads all the time.</summary>
internal sealed class DrillReader(OperatorClient platform, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <returns>The longest time without an answer, and how many reads got none.</returns>
    public async Task<(double LongestSeconds, int Failed)> ReadAsync(CancellationToken cancellation)
    {
        var (longest, failed) = (0.0, 0);
        while (!cancellation.IsCancellationRequested)
        {
            var start = time.GetTimestamp();
            try
            {
                await platform.AccountsAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is OperationError or OperationCanceledException)
            {
                failed++;
            }
            longest = Math.Max(longest, time.GetElapsedTime(start).TotalSeconds);
            await Task.Delay(Pause, time, CancellationToken.None);
        }
        return (longest, failed);
    }
}

/// <summary>Somebody who writes all the time and remembers what was acknowledged: accounts that nobody can sign in to.</summary>
internal sealed class DrillWriter(OperatorClient platform)
{
    private const string Prefix = "provost-drill-";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly string prefix = $"{Prefix}{Guid.NewGuid().ToString("N")[..8]}-";
    private readonly HashSet<string> acknowledged = [];
    private int number;

    public int Acknowledged => acknowledged.Count;

    public async Task WriteAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var user = $"{prefix}{number++}";
            try
            {
                await platform.AddAccountAsync(new AccountRequest(user, "Admin", null, null, null), CancellationToken.None);
                acknowledged.Add(user);
            }
            catch (Exception e) when (e is OperationError or OperationCanceledException)
            {
                // Not acknowledged: nothing was promised.
            }
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Compares what is there with what was acknowledged.</summary>
    public async Task<int> CountLostAsync(CancellationToken cancellation)
    {
        var there = (await platform.AccountsAsync(cancellation)).Select(a => a.User).ToHashSet();
        return acknowledged.Count(u => !there.Contains(u));
    }

    /// <summary>Removes the accounts of every drill, also of one that was killed before it could.</summary>
    public static async Task<int> RemoveAsync(OperatorClient platform, CancellationToken cancellation)
    {
        var left = (await platform.AccountsAsync(cancellation)).Where(a => a.User.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        foreach (var account in left)
        {
            await platform.RemoveAccountAsync(account.User, cancellation);
        }
        return left.Count;
    }
}
