using System.Diagnostics;
using Provost.Gateway.Certificates;
using Provost.Gateway.Destinations;
using Provost.Gateway.Edge;
using Provost.Gateway.Forwarding;
using Provost.Gateway.Maintenance;
using Provost.Hosting;
using Provost.Hosting.Configuration;

namespace Provost.Gateway;

/// <summary>The edge of an installation: everything that users send comes through here.</summary>
internal static class GatewayHost
{
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = ServiceHost.CreateBuilder(args, "gateway", settings);
        builder.AddServiceOptions<GatewayOptions>("Gateway");
        builder.Services.AddSingleton<DistributedContextPropagator>(new EdgePropagator());
        builder.AddCertificates();
        builder.AddEdge();
        builder.AddForwarding();

        var app = builder.Build();
        app.MapServiceEndpoints();
        app.UseEdge();
        app.MapPublicHealth();
        app.MapDestinations();
        app.MapMaintenance();
        app.MapForwarding();
        return app;
    }
}
