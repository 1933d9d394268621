using System.Collections.Concurrent;

namespace Provost.Gateway.Destinations;

/// <summary>What is in flight to each address, also to those that get nothing new any more.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<string, Counts> counts = new(StringComparer.Ordinal);

    private long served;
    private long failed;

    public long Served => Volatile.Read(ref served);

    public long Failed => Volatile.Read(ref failed);

    public void Answered(bool well)
    {
        Interlocked.Increment(ref served);
        if (!well)
        {
            Interlocked.Increment(ref failed);
        }
    }

    public Counts To(string address) => counts.GetOrAdd(address, _ => new Counts());

    /// <summary>Addresses outside of <paramref name="current"/> that still have something in flight; the others are forgotten.</summary>
    public IReadOnlyList<string> Leaving(IReadOnlySet<string> current)
    {
        foreach (var (address, count) in counts)
        {
            if (!current.Contains(address) && count is { Requests: 0, WebSockets: 0 })
            {
                counts.TryRemove(address, out _);
            }
        }

        return [.. counts.Keys.Where(address => !current.Contains(address)).Order(StringComparer.Ordinal)];
    }

    internal sealed class Counts
    {
        private int requests;
        private int webSockets;
        private long answered;
        private long failed;
        private long microseconds;

        public int Requests => Volatile.Read(ref requests);

        public int WebSockets => Volatile.Read(ref webSockets);

        /// <summary>Requests, without WebSockets, that have ended.</summary>
        public long Answered => Volatile.Read(ref answered);

        public long Failed => Volatile.Read(ref failed);

        /// <summary>That they took together.</summary>
        public double Milliseconds => Volatile.Read(ref microseconds) / 1000.0;

        public void Note(TimeSpan took, bool well)
        {
            Interlocked.Increment(ref answered);
            Interlocked.Add(ref microseconds, (long)took.TotalMicroseconds);
            if (!well)
            {
                Interlocked.Increment(ref failed);
            }
        }

        public void Begin(bool webSocket) => Interlocked.Increment(ref webSocket ? ref webSockets : ref requests);

        public void End(bool webSocket) => Interlocked.Decrement(ref webSocket ? ref webSockets : ref requests);
    }
}
