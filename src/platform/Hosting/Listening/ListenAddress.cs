using System.Globalization;
using System.Net;

namespace Provost.Hosting.Listening;

/// <summary>One address in the grammar <c>fd:3</c>, <c>tcp:127.0.0.1:5001</c>, <c>unix:/path</c>, <c>handover:/path</c>.</summary>
internal abstract record ListenAddress
{
    public const string Grammar = "set fd:NUMBER (an inherited listening socket), tcp:ADDRESS:PORT, unix:/ABSOLUTE/PATH or handover:/ABSOLUTE/PATH (of a process that gives its listening socket)";

    private ListenAddress()
    {
    }

    public sealed record Inherited(int Descriptor) : ListenAddress
    {
        public override string ToString() => $"fd:{Descriptor}";
    }

    public sealed record Tcp(IPEndPoint EndPoint) : ListenAddress
    {
        public override string ToString() => $"tcp:{EndPoint}";
    }

    public sealed record Unix(string Path) : ListenAddress
    {
        public override string ToString() => $"unix:{Path}";
    }

    /// <summary>The socket belongs to another process, which gives it on this unix socket; several may hold it at a time.</summary>
    public sealed record HandedOver(string Path) : ListenAddress
    {
        public override string ToString() => $"handover:{Path}";
    }

    /// <summary>The address, or null when the text is none.</summary>
    public static ListenAddress? Parse(string text)
    {
        var separator = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = separator < 0 ? (text, "") : (text[..separator], text[(separator + 1)..]);
        return kind switch
        {
            "fd" when int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2
                => new Inherited(descriptor),
            // An endpoint without a port would parse with port 0.
            "tcp" when rest.LastIndexOf(':') > rest.LastIndexOf(']') && IPEndPoint.TryParse(rest.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var endPoint)
                => new Tcp(endPoint),
            "unix" when Path.IsPathRooted(rest) => new Unix(rest),
            "handover" when Path.IsPathRooted(rest) => new HandedOver(rest),
            _ => null,
        };
    }
}
