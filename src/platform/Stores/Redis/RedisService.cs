using Provost.Hosting;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;

namespace Provost.Stores.Redis;

/// <summary>The service <c>redis</c>: Garnet for machines without redis-server or valkey-server.</summary>
internal static class RedisService
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = ServiceHost.CreateBuilder(args, "redis");
        builder.AddServiceOptions<RedisOptions>("Redis");
        builder.Services.AddSingleton<GarnetStore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GarnetStore>());
        builder.AddReadinessCheck("recovery", (services, cancellation) =>
            Task.Run(services.GetRequiredService<GarnetStore>().Check, cancellation));
        var app = builder.Build();
        app.MapServiceEndpoints();
        return await app.RunServiceAsync();
    }
}
