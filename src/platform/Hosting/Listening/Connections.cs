using Microsoft.AspNetCore.Connections;

namespace Provost.Hosting.Listening;

/// <summary>Counts the open connections of the public listeners.</summary>
internal sealed class Connections
{
    private int open;

    public int Open => Volatile.Read(ref open);

    public void Track(ConnectionContext connection, string listener)
    {
        connection.Features.Set(new ListenerFeature(listener));
        if (listener == "admin")
        {
            return;
        }

        Interlocked.Increment(ref open);
        connection.ConnectionClosed.UnsafeRegister(static self => Interlocked.Decrement(ref ((Connections)self!).open), this);
    }
}

/// <summary>Says on every request through which listener it came.</summary>
/// <param name="Name"><c>http</c>, <c>admin</c> or <c>redirect</c>.</param>
public sealed record ListenerFeature(string Name);
