using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Provost.Hosting.Listening;

namespace Provost.Gateway.Certificates;

internal static class CertificateRegistration
{
    public static void AddCertificates(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<EdgeCertificate>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EdgeCertificate>());
        if (builder.Configuration["Gateway:Domain"] is not { Length: > 0 })
        {
            return;
        }

        builder.ConfigureListener("http", (services, listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = services.GetRequiredService<EdgeCertificate>().Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        }));
    }
}
