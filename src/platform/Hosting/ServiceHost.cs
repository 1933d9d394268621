using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;
using Provost.Hosting.Draining;
using Provost.Hosting.Health;
using Provost.Hosting.Listening;
using Provost.Hosting.Logging;
using Provost.Hosting.Telemetry;

namespace Provost.Hosting;

/// <summary>Where every service starts: the same configuration, listening, health, drain, logs and metrics for all of them.</summary>
public static class ServiceHost
{
    /// <summary>A builder with everything that services do alike already in it.</summary>
    /// <param name="args">The command line: empty, or <c>check-configuration</c> to validate the settings and exit.</param>
    /// <param name="service">The service's name when the installation gives none, e.g. <c>api</c>.</param>
    /// <param name="settings">Settings on top of the environment (keys like <c>Redis:Endpoint</c>): for tests.</param>
    public static WebApplicationBuilder CreateBuilder(
        string[] args, string service, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = $"Provost.{service}",
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var sources = ConfigurationSources.Add(builder.Configuration, settings);
        builder.Services.AddSingleton(sources);
        builder.Services.AddSingleton(new CommandLine(args));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddRouting();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HealthJson.Default));

        builder.AddServiceOptions<ServiceOptions>("Service");
        builder.Services.PostConfigure<ServiceOptions>(options => options.UseDefaults(service));
        builder.AddListening();
        builder.AddServiceLogging();
        builder.AddHealth();
        builder.AddDraining();
        builder.AddTelemetry();
        return builder;
    }

    /// <summary>Maps health, metrics and drain, and installs the request log. Call it before mapping anything else.</summary>
    public static WebApplication MapServiceEndpoints(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestLogMiddleware>();
        app.UseMiddleware<DrainMiddleware>();
        app.UseExceptionHandler();
        app.UseMiddleware<LiveConnectionsMiddleware>();
        app.MapHealth();
        app.MapDrain();
        app.MapMetrics();
        return app;
    }

    /// <summary>Validates the settings, serves until told to stop, drains, and returns the exit code (<see cref="ExitCode"/>).</summary>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var startup = app.Services.GetRequiredService<Startup>();
        if (startup.Refuses(out var exitCode))
        {
            return (int)exitCode;
        }

        // Not as options of its own: the host reads those before the settings were validated.
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout =
            TimeSpan.FromSeconds(app.Services.GetRequiredService<ServiceOptions>().ShutdownSeconds);
        await app.StartAsync();
        await app.WaitForShutdownAsync();
        await app.DisposeAsync();
        return (int)ExitCode.Success;
    }
}
