using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Provost.Gateway.Maintenance;
using Provost.Hosting.Draining;
using Provost.Hosting.Listening;

namespace Provost.Gateway.Edge;

internal static class EdgeRegistration
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MaintenanceSwitch>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<IConfigureOptions<RateLimiterOptions>>(services => services.GetRequiredService<RateLimits>());
        builder.Services.AddSingleton<IValidateOptions<ListeningOptions>, EdgeListening>();
        if (builder.Configuration["Listen:TrustedProxies"] is null)
        {
            builder.Services.PostConfigure<ListeningOptions>(listening => listening.TrustedProxies = "");
        }
    }

    public static void UseEdge(this WebApplication app) => app.UseWhen(
        context => context.Features.Get<ListenerFeature>() is not { Name: "admin" },
        edge =>
        {
            edge.UseMiddleware<HttpsRedirect>();
            edge.UseMiddleware<HeaderHygiene>();
            edge.UseWhen(app.Services.GetRequiredService<RateLimits>().Concern, limited => limited.UseRateLimiter());
            edge.UseMiddleware<MaintenanceMiddleware>();
            edge.UseMiddleware<EdgeErrors>();
        });

    /// <summary>What the world may know: ready or not. Everything else of /health and /metrics stays inside.</summary>
    public static void MapPublicHealth(this WebApplication app)
    {
        app.MapGet("/health/ready", (Drain drain) =>
            drain.HasBegun ? Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready"));
        app.Map("/health/{**rest}", () => Results.NotFound());
        app.Map("/metrics/{**rest}", () => Results.NotFound());
        app.Map("/drain/{**rest}", () => Results.NotFound());
        app.Map("/gateway/{**rest}", () => Results.NotFound());
    }
}

/// <summary>The public listener must not serve the admin's endpoints, so the gateway needs both.</summary>
internal sealed class EdgeListening(GatewayOptions gateway) : IValidateOptions<ListeningOptions>
{
    public ValidateOptionsResult Validate(string? name, ListeningOptions options) => options switch
    {
        { Admin: null } => ValidateOptionsResult.Fail(
            "PROVOST_Listen__Admin is missing: set where operators reach the gateway, e.g. tcp:127.0.0.1:8081"),
        { Redirect: not null } when gateway.Domain is null => ValidateOptionsResult.Fail(
            "PROVOST_Listen__Redirect is set, but no domain: set PROVOST_Gateway__Domain, or leave the redirect out"),
        _ => ValidateOptionsResult.Success,
    };
}
