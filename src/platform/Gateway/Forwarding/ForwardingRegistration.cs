using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection;
using Provost.Gateway.Destinations;
using Provost.Hosting.Telemetry;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Provost.Gateway.Forwarding;

internal static class ForwardingRegistration
{
    public static void AddForwarding(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Traffic>();
        builder.Services.AddSingleton<DestinationTable>();
        builder.Services.AddSingleton<IProxyConfigProvider>(services => services.GetRequiredService<DestinationTable>());
        builder.Services.AddSingleton<IConfigChangeListener>(services => services.GetRequiredService<DestinationTable>());
        builder.Services.AddSingleton<ILoadBalancingPolicy, CanaryPolicy>();
        builder.Services.AddSingleton<IActiveHealthCheckPolicy, ProbePolicy>();
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, RefusalPolicy>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ReplicaConnections>();
        builder.Services.AddReverseProxy()
            .AddTransforms(transforms =>
            {
                transforms.AddXForwarded(ForwardedTransformActions.Set);
                transforms.AddRequestTransform(LimitPatience);
                if (!transforms.Services.GetRequiredService<TracesOptions>().AreExported)
                {
                    transforms.AddRequestTransform(PassTraceOn);
                }
            });
        builder.Services.WithoutKeysOnDisk();
    }

    private static ValueTask LimitPatience(RequestTransformContext transform)
    {
        if (RetryMiddleware.HasOthers(transform.HttpContext))
        {
            transform.ProxyRequest.Options.Set(AnsweredConnection.Patience, AnsweredConnection.WhenThereAreOthers);
        }

        return default;
    }

    // The log lines of the edge and of the replica have the same trace id, also where the client makes no span of its own.
    private static ValueTask PassTraceOn(RequestTransformContext transform)
    {
        if (Activity.Current?.Id is { } id)
        {
            transform.ProxyRequest.Headers.TryAddWithoutValidation("traceparent", id);
        }

        return default;
    }

    // YARP registers data protection for sticky sessions, which we have not; it would write a key ring to the home directory.
    private static void WithoutKeysOnDisk(this IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var keyRing in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToArray())
        {
            services.Remove(keyRing);
        }
    }

    public static void MapForwarding(this WebApplication app) => app.MapReverseProxy(pipeline =>
    {
        pipeline.UseMiddleware<RetryMiddleware>();
        pipeline.UseLoadBalancing();
        pipeline.UsePassiveHealthChecks();
        pipeline.UseMiddleware<TrafficMiddleware>();
    });
}
