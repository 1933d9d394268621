namespace Provost.Rendering.Kubernetes.Network;

/// <summary>An end of a connection.</summary>
public abstract record Peer
{
    private Peer()
    {
    }

    /// <summary>The pods of a component of this installation.</summary>
    public sealed record Component(string Name) : Peer
    {
        public override string ToString() => Name;
    }

    /// <summary>Every pod of another namespace.</summary>
    public sealed record Namespace(string Name) : Peer
    {
        public override string ToString() => $"namespace {Name}";
    }

    /// <summary>The cluster's name server, and the cache that it may have on each node.</summary>
    public sealed record NameServer : Peer
    {
        public override string ToString() => "name server";
    }

    /// <summary>Any address, inside and outside of the cluster: where an address is not known beforehand.</summary>
    public sealed record Anywhere : Peer
    {
        public override string ToString() => "anywhere";
    }
}

/// <summary>A connection that is needed; there are no others.</summary>
public sealed record Edge(Peer From, Peer To, int Port, bool Udp = false)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{From} -> {To}:{Port}{(Udp ? "/udp" : "")}");
}
