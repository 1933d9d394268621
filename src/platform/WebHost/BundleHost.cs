using Provost.Hosting;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;
using Provost.WebHost.Bundles;

namespace Provost.WebHost;

/// <summary>Serves the published Web bundle, and the fingerprinted files of the releases before it.</summary>
internal static class BundleHost
{
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = ServiceHost.CreateBuilder(args, "web", settings);
        builder.AddServiceOptions<WebOptions>("Web");
        builder.Services.AddSingleton<Bundle>().AddSingleton<ReleaseBundles>().AddSingleton<PeerBundles>().AddSingleton<BundleKeeping>();
        builder.Services.AddHostedService<BundleLoading>();
        builder.AddReadinessCheck("bundle", (services, _) => services.GetRequiredService<Bundle>().CheckAsync());

        var app = builder.Build();
        app.MapServiceEndpoints();
        app.MapBundle();
        return app;
    }
}
