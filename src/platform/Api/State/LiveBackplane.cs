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
            redis.Configuration = RedisStore.Configure(provider.GetRequiredService<RedisOptions>());
            redis.Configuration.ChannelPrefix = RedisChannel.Literal("provost-live");
        }));
        return signalr;
    }
}
