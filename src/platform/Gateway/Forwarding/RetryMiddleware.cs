using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Provost.Gateway.Forwarding;

/// <summary>
/// Sends a request to another replica when the first one failed before it answered: what only reads, and whatever was never
/// sent because there was no connection. So a replica that dies is not noticed. A lone address is asked again itself: it may be the
/// name of several replicas (a Service of a cluster), and for a moment lead to one that has just gone.
/// </summary>
internal sealed class RetryMiddleware(RequestDelegate next, TimeProvider time)
{
    private const int Attempts = 3;

    // A lone address that took this long to fail is not asked again: whoever waited is told so.
    private static readonly TimeSpan LoneLimit = TimeSpan.FromSeconds(10);

    // Marks the exception: most requests have another replica.
    private static readonly object LastChance = new();

    /// <summary>Whether another replica may be tried when this one does not answer at once.</summary>
    public static bool HasOthers(HttpContext context) => !context.Items.ContainsKey(LastChance);

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        var start = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            if (attempt == Attempts || untried.Count <= 1)
            {
                context.Items[LastChance] = true;
            }
            else if (attempt > 1)
            {
                context.Items.Remove(LastChance);
            }

            await next(context);
            if (attempt == Attempts || !MayTryAgain(context))
            {
                return;
            }

            var failed = proxy.ProxiedDestination;
            untried = [.. untried.Where(destination => destination != failed)];
            if (untried.Count == 0)
            {
                // A replica that is being restarted takes connections again in a moment; nobody else can.
                untried = [.. proxy.AllDestinations.Where(destination => destination != failed)];
            }

            if (untried.Count == 0)
            {
                if (time.GetElapsedTime(start) > LoneLimit)
                {
                    return;
                }

                untried = proxy.AllDestinations;
            }

            Reset(context, proxy, untried);
        }
    }

    private static bool MayTryAgain(HttpContext context)
    {
        if (context.GetForwarderErrorFeature() is not { } failure || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        var neverSent = failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
        var onlyReads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            || HttpMethods.IsOptions(context.Request.Method);
        return failure.Error == ForwarderError.Request && (neverSent || (onlyReads && context.Request.ContentLength is null or 0));
    }

    private static void Reset(HttpContext context, IReverseProxyFeature proxy, IReadOnlyList<DestinationState> destinations)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        proxy.ProxiedDestination = null;
        proxy.AvailableDestinations = destinations;
    }
}
