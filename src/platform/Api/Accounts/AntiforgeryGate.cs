using Microsoft.AspNetCore.Antiforgery;

namespace Provost.Api.Accounts;

/// <summary>
/// Every request that changes something and that a browser could be tricked into sends the antiforgery header. Operators'
/// tools send a bearer token instead, which no browser adds by itself.
/// </summary>
internal sealed class AntiforgeryGate(RequestDelegate next, IAntiforgery antiforgery)
{
    public const string Header = "X-Provost-Antiforgery";

    public async Task InvokeAsync(HttpContext context)
    {
        if (Applies(context))
            await ValidateAsync(context);
        await next(context);
    }

    private static bool Applies(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<Access>() is { Kind: not AccessKind.Operator };

    private async Task ValidateAsync(HttpContext context)
    {
        // Without the header the framework would look for a form in the body, which belongs to the import.
        if (context.Request.Headers.ContainsKey(Header))
        {
            try
            {
                await antiforgery.ValidateRequestAsync(context);
                return;
            }
            catch (AntiforgeryValidationException)
            {
                // Answered below, in our words.
            }
        }

        throw new ApiError(StatusCodes.Status400BadRequest, "The antiforgery token is missing or no longer valid",
            $"Read GET /api/session and send its antiforgeryToken as {Header}; in a browser, reload the page");
    }
}
