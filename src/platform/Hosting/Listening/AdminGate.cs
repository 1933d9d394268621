using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Listening;

/// <summary>
/// Where a token is set, what exists only on the admin listener is done only for those who know it: a loopback port is open to
/// every user of the machine. Health and metrics, which change nothing, are answered to all.
/// </summary>
internal sealed class AdminGate(IOptions<ListeningOptions> listening)
{
    private const string Scheme = "Bearer ";

    /// <summary>What is reached instead of the endpoint that was asked for.</summary>
    public static Endpoint Refusal { get; } = new(RefuseAsync, EndpointMetadataCollection.Empty, "401 admin listener");

    public bool Opens(HttpContext context)
    {
        if (listening.ValueOrDefaults().AdminToken is not { IsEmpty: false } token)
        {
            return true;
        }

        var given = context.Request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Scheme.Length..]), Encoding.UTF8.GetBytes(token.Reveal()));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(
            title: "This needs the token of the admin listener", detail: "Send it as \"Authorization: Bearer TOKEN\"; it is the operator's secret Listen__AdminToken.",
            statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }
}
