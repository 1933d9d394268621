using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Listening;

public static class ListeningRegistration
{
    /// <summary>Configures one of the listeners (<c>http</c>, <c>redirect</c>), e.g. with TLS.</summary>
    public static WebApplicationBuilder ConfigureListener(
        this WebApplicationBuilder builder, string name, Action<IServiceProvider, ListenOptions> configure)
    {
        builder.Services.AddSingleton(new ListenerSetup(name, configure));
        return builder;
    }

    internal static void AddListening(this WebApplicationBuilder builder)
    {
        builder.AddServiceOptions<ListeningOptions>("Listen");
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<Connections>();
        builder.Services.AddSingleton<ListeningSockets>();
        builder.Services.AddSingleton<IConnectionListenerFactory, SharedSocketTransport>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        builder.Services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, ClientAddress>();
        builder.Services.AddSingleton<AdminGate>();
        builder.Services.AddSingleton<MatcherPolicy, ListenerPolicy>();
        builder.Services.AddHostedService<HandOverSocket>();
        builder.Services.AddHostedService<GiverWatch>();
    }
}

internal sealed record ListenerSetup(string Name, Action<IServiceProvider, ListenOptions> Configure);

internal sealed class KestrelSetup(ListeningSockets sockets, IServiceProvider services, IEnumerable<ListenerSetup> setups)
    : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.Http2.MaxStreamsPerConnection = 128;
        options.ApplicationServices ??= services;
        sockets.Open();
        foreach (var socket in sockets.All)
        {
            options.Listen(socket, listen =>
            {
                foreach (var setup in setups.Where(setup => setup.Name == socket.Name))
                {
                    setup.Configure(services, listen);
                }
            });
        }
    }
}
