using System.Collections.Concurrent;

namespace Provost.S3Server;

/// <summary>What goes wrong next: each fault strikes so many requests of its method.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, int> left = new();
    private int struck;

    public int Struck => struck;

    public void Order(string kind, int count) => left[kind] = count;

    public bool Strikes(string kind)
    {
        while (left.TryGetValue(kind, out var count) && count > 0)
        {
            if (left.TryUpdate(kind, count - 1, count))
            {
                Interlocked.Increment(ref struck);
                return true;
            }
        }
        return false;
    }
}
