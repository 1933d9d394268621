using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;
using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <summary>What every endpoint declares: who may call it.</summary>
internal enum AccessKind { Anyone, SignedIn, Operator, Admin, CourseRoles }

internal sealed record Access(AccessKind Kind, FrozenSet<Role> Roles) : IAuthorizationRequirement
{
    public override string ToString() => Kind == AccessKind.CourseRoles ? string.Join(", ", Roles.Order()) : Kind.ToString();
}

/// <summary>The requirement of endpoints that declare nothing.</summary>
internal sealed record Undeclared : IAuthorizationRequirement
{
    /// <summary>Mapped by Hosting on its own listener; they carry no data of courses.</summary>
    private static readonly string[] Hosting = ["/health/startup", "/health/live", "/health/ready", "/metrics", "/drain"];

    public static bool BelongsToHosting(Endpoint? endpoint) =>
        endpoint is RouteEndpoint route && Hosting.Contains("/" + route.RoutePattern.RawText?.Trim('/'));
}

internal static class AccessExtensions
{
    public static T ForAnyone<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Declare(AccessKind.Anyone);

    public static T ForSignedIn<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Declare(AccessKind.SignedIn);

    /// <summary>The operator's token, for tools on the machine.</summary>
    public static T ForOperator<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Declare(AccessKind.Operator);

    public static T ForAdmin<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Declare(AccessKind.Admin);

    /// <summary>Members of the course in the address who have one of these roles.</summary>
    public static T For<T>(this T endpoint, params Role[] roles) where T : IEndpointConventionBuilder => endpoint.Declare(AccessKind.CourseRoles, roles);

    private static T Declare<T>(this T endpoint, AccessKind kind, params Role[] roles) where T : IEndpointConventionBuilder
    {
        var access = new Access(kind, roles.ToFrozenSet());
        return endpoint.WithMetadata(access).RequireAuthorization(new AuthorizationPolicy([access], []));
    }
}

/// <summary>Decides; the same answer for a course that is not yours and one that does not exist.</summary>
internal sealed class AccessHandler(OperatorOptions operators) : IAuthorizationHandler
{
    private const string Bearer = "Bearer ";

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        var http = context.Resource as HttpContext;
        foreach (var requirement in context.PendingRequirements.ToArray())
        {
            var allowed = requirement switch
            {
                Access access when http is not null => Allows(access, http),
                Undeclared => Undeclared.BelongsToHosting(http?.GetEndpoint()),
                _ => false,
            };
            if (allowed)
                context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool Allows(Access access, HttpContext http)
    {
        var viewer = http.Features.Get<Viewer>();
        return access.Kind switch
        {
            AccessKind.Anyone => true,
            AccessKind.SignedIn => viewer is not null,
            AccessKind.Admin => viewer is { Account.IsAdmin: true },
            AccessKind.Operator => IsOperator(http.Request),
            _ => viewer?.Membership is { } membership && access.Roles.Contains(membership.Role),
        };
    }

    private bool IsOperator(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Bearer, StringComparison.Ordinal)
        && Secrets.Equal(header[Bearer.Length..], operators.Token.Reveal());
}
