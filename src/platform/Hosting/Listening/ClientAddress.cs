using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Listening;

/// <summary>Behind a trusted proxy the client is whom the proxy names: its address and scheme replace the connection's.</summary>
internal sealed class ClientAddress(IOptions<ListeningOptions> listening) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.ForwardLimit = 1;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in listening.ValueOrDefaults().TrustedNetworks)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        if (options.KnownIPNetworks.Count == 0)
        {
            // An empty list would mean everybody.
            options.ForwardedHeaders = ForwardedHeaders.None;
        }
    }
}
