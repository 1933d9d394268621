using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Provost.Hosting.Configuration;
using Provost.Hosting.Draining;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Health;

public static class HealthEndpoints
{
    /// <summary>Adds a condition for <c>/health/ready</c>. The check throws when it does not hold; its message is shown to operators.</summary>
    public static WebApplicationBuilder AddReadinessCheck(
        this WebApplicationBuilder builder, string name, Func<CancellationToken, Task> check) =>
        builder.AddReadinessCheck(name, (_, cancellation) => check(cancellation));

    /// <inheritdoc cref="AddReadinessCheck(WebApplicationBuilder, string, Func{CancellationToken, Task})"/>
    public static WebApplicationBuilder AddReadinessCheck(
        this WebApplicationBuilder builder, string name, Func<IServiceProvider, CancellationToken, Task> check)
    {
        builder.Services.AddSingleton(new ReadinessCheck(name, check));
        return builder;
    }

    internal static void AddHealth(this WebApplicationBuilder builder) => builder.Services.AddSingleton<Readiness>();

    internal static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").OnAdminListener().ExcludeFromDescription();
        health.MapGet("/startup", Startup);
        // HEAD too: the edge asks so whether somebody answers on a new connection.
        health.MapMethods("/live", [HttpMethods.Get, HttpMethods.Head], Live);
        health.MapGet("/ready", ReadyAsync);
    }

    private static JsonHttpResult<HealthReport> Startup(IHostApplicationLifetime lifetime, ServiceOptions service) =>
        lifetime.ApplicationStarted.IsCancellationRequested
            ? Answer(service, HealthStatus.Ready, [])
            : Answer(service, HealthStatus.Starting, []);

    // Never asks a dependency: a restart would not cure it.
    private static JsonHttpResult<HealthReport> Live(ServiceOptions service) => Answer(service, HealthStatus.Ready, []);

    private static async Task<JsonHttpResult<HealthReport>> ReadyAsync(
        Readiness readiness, Drain drain, ServiceOptions service, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (drain.HasBegun)
        {
            return Answer(service, HealthStatus.Draining, []);
        }

        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return Answer(service, HealthStatus.Starting, []);
        }

        var checks = await readiness.CheckAsync(cancellation);
        // It may have begun while the checks were running.
        var status = drain.HasBegun ? HealthStatus.Draining
            : checks.All(check => check.Ready) ? HealthStatus.Ready : HealthStatus.NotReady;
        return Answer(service, status, checks);
    }

    private static JsonHttpResult<HealthReport> Answer(ServiceOptions service, HealthStatus status, IReadOnlyList<CheckResult> checks) =>
        TypedResults.Json(
            new HealthReport(status, service.Name, service.Replica, service.Release, checks),
            HealthJson.Default.HealthReport,
            statusCode: status == HealthStatus.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
