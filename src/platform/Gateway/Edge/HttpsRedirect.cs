using Provost.Hosting.Listening;

namespace Provost.Gateway.Edge;

/// <summary>The redirect listener knows only one answer: the same address, by https.</summary>
internal sealed class HttpsRedirect(RequestDelegate next, GatewayOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ListenerFeature>() is not { Name: "redirect" })
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{options.Domain}{context.Request.PathBase.ToUriComponent()}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
        return Task.CompletedTask;
    }
}
