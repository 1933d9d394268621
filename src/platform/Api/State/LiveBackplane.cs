using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using BackplaneOptions = Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions;

namespace Provost.Api.State;

internal static class LiveBackplane
{
    /// <summary>SignalR over Redis: for what may be lost, such as the progress of an import that another replica reads.</summary>
    public static ISignalRServerBuilder AddRedisBackplane(this ISignalRServerBuilder signalr)
    {
        signalr.AddStackExchangeRedis();
        signalr.Services.AddSingleton<IConfigureOptions<BackplaneOptions>>(provider => new ConfigureOptions<BackplaneOptions>(redis =>
        {
            // Only when it connects: the hub is mapped before the settings are looked at, and wrong ones deserve words.
            // Without the steps of connecting in the log: some 200 methods would be compiled for them at every start.
            redis.ConnectionFactory = async _ =>
            {
                var configuration = RedisStore.Configure(provider.GetRequiredService<RedisOptions>());
                configuration.ChannelPrefix = RedisChannel.Literal("provost-live");
                return await ConnectionMultiplexer.ConnectAsync(configuration);
            };
        }));
        return signalr;
    }
}
