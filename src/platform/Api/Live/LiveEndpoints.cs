using Microsoft.AspNetCore.Http.Connections;
using Provost.Api.Accounts;
using Provost.Contracts;

namespace Provost.Api.Live;

internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder app) => app.MapHub<LiveHub>(LiveNames.Path, options =>
    {
        options.Transports = HttpTransportType.WebSockets;
        options.CloseOnAuthenticationExpiration = false;
    }).ForSignedIn();
}
