using Microsoft.AspNetCore.Server.Kestrel.Core;
using Provost.Hosting;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;
using Provost.Stores.ClickHouse.Engine;
using Provost.Stores.ClickHouse.Http;

namespace Provost.Stores.ClickHouse;

/// <summary>The service <c>clickhouse</c>: the engine behind ClickHouse's HTTP interface.</summary>
internal static class ClickHouseService
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args, "clickhouse");
        builder.AddServiceOptions<ClickHouseOptions>("ClickHouse");
        builder.Services.Configure<KestrelServerOptions>(server =>
        {
            // INSERTs stream; MaxInsertMegabytes limits them. Queries may stand in the URL.
            server.Limits.MaxRequestBodySize = null;
            server.Limits.MaxRequestLineSize = 1024 * 1024;
            server.Limits.MaxRequestBufferSize = 2 * 1024 * 1024;
        });
        builder.Services.AddSingleton(services => ChdbEngine.Start(services.GetRequiredService<ClickHouseOptions>()));
        builder.Services.AddSingleton(services => new QueryErrors(services.GetRequiredService<ChdbEngine>().Version));
        builder.Services.AddSingleton<Credentials>();
        builder.Services.AddSingleton<QuerySlots>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<QueryGate>();
        builder.Services.AddSingleton<QueryRunner>();
        builder.Services.AddSingleton<QueryEndpoint>();
        builder.Services.AddSingleton<EngineProbe>();
        builder.AddReadinessCheck("engine", (services, _) => services.GetRequiredService<EngineProbe>().CheckAsync());
        builder.Services.AddHostedService<EngineStart>();

        var app = builder.Build();
        app.MapServiceEndpoints();
        app.MapMethods("/ping", ["GET", "HEAD"], () => "Ok.\n");
        app.MapMethods("/replicas_status", ["GET", "HEAD"], () => "Ok.\n");
        app.MapMethods("/", ["GET", "HEAD", "POST"], (HttpContext context, QueryEndpoint endpoint) => endpoint.HandleAsync(context));
        return await app.RunServiceAsync();
    }
}
