using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Provost.Gateway.Edge;

/// <summary>Token buckets for each client address: a minute's worth at once, then at the steady rate.</summary>
internal sealed class RateLimits(GatewayOptions gateway) : IConfigureOptions<RateLimiterOptions>
{
    private static readonly PathString Session = new("/api/session");

    /// <summary>Whether one of the limits is for this request.</summary>
    public bool Concern(HttpContext context) => LimitsAll(context) || LimitsSession(context);

    public void Configure(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RejectAsync;
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                LimitsAll(context) ? Bucket(context, gateway.RequestsPerMinute) : Unlimited()),
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                LimitsSession(context) ? Bucket(context, gateway.SessionRequestsPerMinute) : Unlimited()));
    }

    private bool LimitsAll(HttpContext context) => gateway.RequestsPerMinute > 0 && !IPAddress.IsLoopback(Address(context));

    private bool LimitsSession(HttpContext context) =>
        gateway.SessionRequestsPerMinute > 0 && context.Request.Path.StartsWithSegments(Session) && !HttpMethods.IsGet(context.Request.Method);

    private static RateLimitPartition<string> Unlimited() => RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> Bucket(HttpContext context, int perMinute) =>
        RateLimitPartition.GetTokenBucketLimiter(Client(Address(context)), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / perMinute)),
            QueueLimit = 0,
        });

    private static IPAddress Address(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.Loopback;

    // One IPv6 client has a whole /64.
    private static string Client(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8))
            : plain.ToString();
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await ErrorPage.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests,
            "Too many requests", $"Wait {wait} s and try again.");
    }
}
