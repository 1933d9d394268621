using System.Globalization;
using Provost.Rendering.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// The address that users type is left as it is by a deployment: old and new gateways accept from one socket, which cannot be in
/// two places. Moving it is noticed by everybody, so it is `up` that does it.
/// </summary>
internal static class PublicAddress
{
    public const string Note = "the public address goes on as it was, though provost.yaml says another one; take it up at a quiet moment: provost up -d";

    /// <summary>The installation with the public address that its site runs on, and whether provost.yaml says another one.</summary>
    public static (Installation Kept, bool Differs) Keep(Installation wanted, string siteName, SiteSpec running)
    {
        var site = wanted.Sites[siteName];
        var socket = running.Sockets.Single(s => s.Name == ProcessRenderer.PublicSocket);
        var gateway = running.Replicas.First(r => r.Service == Replicas.Gateway).Environment;
        var domain = gateway.GetValueOrDefault("PROVOST_Gateway__Domain");
        var (address, port) = site.Domain is null ? (site.Http.Address, site.Http.Port) : (site.Https.Address, site.Https.Port);
        if (site.Domain == domain && string.Create(CultureInfo.InvariantCulture, $"{address} {port}") == string.Create(CultureInfo.InvariantCulture, $"{socket.Address} {socket.Port}"))
        {
            return (wanted, false);
        }
        var kept = domain is null
            ? site with { Domain = null, Http = new Http { Address = socket.Address, Port = socket.Port } }
            : site with { Domain = domain, Https = Secured(site, domain, socket, running, gateway) };
        return (wanted with { Sites = wanted.Sites.ToDictionary(s => s.Key, s => s.Key == siteName ? kept : s.Value) }, true);
    }

    // A certificate belongs to its name: with the old name stays the old one.
    private static Https Secured(Site site, string domain, SocketSpec socket, SiteSpec running, IReadOnlyDictionary<string, string> gateway)
    {
        var https = site.Https with { Address = socket.Address, Port = socket.Port };
        return site.Domain == domain ? https
            : running.Certificate is not null ? https with { Certificate = null, Key = null }
            : https with { Certificate = gateway["PROVOST_Gateway__CertificateFile"], Key = gateway["PROVOST_Gateway__KeyFile"] };
    }
}
