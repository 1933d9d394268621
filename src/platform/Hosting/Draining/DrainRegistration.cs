using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Draining;

internal static class DrainRegistration
{
    public static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveConnections>();
        builder.Services.AddSingleton<DrainParts>();
        builder.Services.AddSingleton(services => new Drain(
            services.GetRequiredService<DrainParts>(),
            services.GetRequiredService<ServiceOptions>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<Drain>>()));
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
    }

    /// <summary>POST /drain?handOver=true leaves as SIGTERM does; GET /drain says what is still going on. Only with an admin listener.</summary>
    public static void MapDrain(this WebApplication app)
    {
        app.MapGet("/drain", (Drain drain) => TypedResults.Json(drain.Report, HealthJson.Default.DrainReport)).OnlyOnAdminListener();
        app.MapPost("/drain", (Drain drain, bool handOver = false) =>
        {
            drain.Begin(handOver);
            return TypedResults.Json(drain.Report, HealthJson.Default.DrainReport, statusCode: StatusCodes.Status202Accepted);
        }).OnlyOnAdminListener();
    }
}
