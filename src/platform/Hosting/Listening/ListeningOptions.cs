using Provost.Hosting.Configuration;

namespace Provost.Hosting.Listening;

/// <summary>Where a service listens; section <c>Listen</c>.</summary>
public sealed class ListeningOptions : IServiceOptions
{
    /// <summary>The service itself: <c>fd:3</c>, <c>tcp:127.0.0.1:5001</c>, <c>unix:/path</c> or <c>handover:/path</c>.</summary>
    public string Http { get; set; } = "tcp:127.0.0.1:0";

    /// <summary>Health, metrics and drain; when it is set, they are served there only.</summary>
    public string? Admin { get; set; }

    /// <summary>What opens those endpoints of the admin listener that change something; without it, whoever reaches the listener may ask for everything.</summary>
    public Secret? AdminToken { get; set; }

    /// <summary>
    /// Networks (CIDR) whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed, comma-separated. Default: this machine;
    /// for the gateway, which is the edge: nobody.
    /// </summary>
    public string TrustedProxies { get; set; } = "127.0.0.0/8,::1/128";

    internal bool HasAdminListener => Admin is not null;

    internal string[] TrustedNetworks => TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal IEnumerable<(string Name, string Address)> Addresses => new[] { ("http", Http), ("admin", Admin), ("redirect", Redirect) }
        .Where(listener => listener.Item2 is not null).Select(listener => (listener.Item1, listener.Item2!));

    /// <summary>Plain HTTP beside TLS, redirected to https; only the gateway uses it.</summary>
    public string? Redirect { get; set; }

    /// <summary>Unix socket that gives the listening sockets to a process of the same user.</summary>
    public string? HandOver { get; set; }

    public IEnumerable<ConfigurationProblem> Problems()
    {
        foreach (var (key, value) in new[] { (nameof(Http), Http), (nameof(Admin), Admin), (nameof(Redirect), Redirect) })
        {
            if (value is not null && ListenAddress.Parse(value) is null)
            {
                yield return new(key, $"is \"{value}\", which is no address to listen on", ListenAddress.Grammar);
            }
        }

        foreach (var network in TrustedNetworks.Where(network => !System.Net.IPNetwork.TryParse(network, out _)))
        {
            yield return new(nameof(TrustedProxies), $"contains \"{network}\", which is no network", "set networks like 10.0.0.0/8, comma-separated");
        }

        if (HandOver is not null && !Path.IsPathRooted(HandOver))
        {
            yield return new(nameof(HandOver), $"is \"{HandOver}\"", "set the absolute path of a unix socket");
        }
    }
}
