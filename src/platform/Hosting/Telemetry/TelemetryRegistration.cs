using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Provost.Hosting.Configuration;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Telemetry;

public static class TelemetryRegistration
{
    private static readonly string[] FrameworkMeters =
    [
        "Microsoft.AspNetCore.Hosting", // http.server.request.duration by route
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Http.Connections", // SignalR
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting",
        "System.Runtime", // process memory and CPU, garbage collection, thread pool
    ];

    /// <summary>Shows the instruments of a meter at <c>/metrics</c>. Meters named <c>Provost.*</c> are shown without it.</summary>
    public static WebApplicationBuilder AddServiceMeter(this WebApplicationBuilder builder, string meter)
    {
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(meter));
        return builder;
    }

    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.AddServiceOptions<TracesOptions>("Traces");
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(FrameworkMeters)
            .AddMeter("Provost.*")
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 500));
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) => metrics.SetResourceBuilder(Resource(services)));
        builder.AddTraces();
    }

    internal static void MapMetrics(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").OnAdminListener().DisableHttpMetrics();

    private static void AddTraces(this WebApplicationBuilder builder)
    {
        // The decision is taken before options exist, so only the key's presence is read; the value comes from the options.
        if (builder.Configuration["Traces:Endpoint"] is not { Length: > 0 } endpoint || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri))
        {
            return;
        }

        builder.Services.AddOpenTelemetry().WithTracing(traces => traces
            .AddSource("Provost.*")
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddOtlpExporter(exporter => exporter.Endpoint = uri));
        builder.Services.ConfigureOpenTelemetryTracerProvider((services, traces) =>
        {
            var ratio = services.GetRequiredService<TracesOptions>().SampleRatio;
            traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)));
            traces.SetResourceBuilder(Resource(services));
        });
    }

    private static ResourceBuilder Resource(IServiceProvider services)
    {
        var service = services.GetRequiredService<IOptions<ServiceOptions>>().ValueOrDefaults();
        return ResourceBuilder.CreateDefault()
            .AddService(service.Name, service.Installation, service.Release, serviceInstanceId: service.Replica);
    }
}
