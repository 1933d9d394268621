using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Mvc;

namespace Provost.Api.Accounts;

/// <summary>Says no in ProblemDetails: 401 when signing in would help, 403 when it would not.</summary>
internal sealed class AccessRefusal(IProblemDetailsService problems) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var kind = context.GetEndpoint()?.Metadata.GetMetadata<Access>()?.Kind;
        var (status, title, detail) = (kind, context.Features.Get<Viewer>()) switch
        {
            (AccessKind.Operator, _) => (401, "This address is for operators' tools", "Send the operator's token as bearer, or use the provost command on the machine"),
            (not null, null) => (401, "You are not signed in", "Sign in, then try again"),
            _ => (403, "You may not do this here", "Ask an administrator for a role in this course, or check the address"),
        };
        context.Response.StatusCode = status;
        if (kind == AccessKind.Operator)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Title = title, Detail = detail },
        });
    }
}
