namespace Provost.Gateway.Edge;

/// <summary>Clients do not get to say who they are or where they come from; browsers are told what a page may do.</summary>
internal sealed class HeaderHygiene(RequestDelegate next, GatewayOptions options)
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] Untrusted =
    [
        "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "X-HTTP-Method-Override", "X-Rewrite-URL", "Proxy",
        "traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context",
    ];

    private static readonly string[] UntrustedPrefixes = ["X-Forwarded-", "X-Original-"];

    private static readonly string[] Revealing = ["Server", "X-Powered-By"];

    private readonly bool secure = options.Domain is not null;

    public Task InvokeAsync(HttpContext context)
    {
        DropUntrusted(context.Request.Headers);
        context.Response.OnStarting(Protect, context.Response);
        return next(context);
    }

    private static void DropUntrusted(IHeaderDictionary headers)
    {
        foreach (var name in Untrusted)
        {
            headers.Remove(name);
        }

        List<string>? forged = null;
        foreach (var (name, _) in headers)
        {
            if (UntrustedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                (forged ??= []).Add(name);
            }
        }

        forged?.ForEach(name => headers.Remove(name));
    }

    private Task Protect(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        foreach (var name in Revealing)
        {
            headers.Remove(name);
        }

        // The web host knows the hashes of the scripts in its page: its policy stands.
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy.Count > 0 ? headers.ContentSecurityPolicy : ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        if (secure)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return Task.CompletedTask;
    }
}
