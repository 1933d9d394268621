using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Provost.Hosting.Listening;

/// <summary>Marks an endpoint of operators: with an admin listener it exists only there, and nothing else does.</summary>
internal sealed record AdminEndpoint(bool Always);

public static class AdminEndpointExtensions
{
    /// <summary>Serves the endpoint on the admin listener only, when there is one.</summary>
    public static TBuilder OnAdminListener<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AdminEndpoint(Always: false));

    /// <summary>Serves the endpoint on the admin listener; without one it does not exist.</summary>
    public static TBuilder OnlyOnAdminListener<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AdminEndpoint(Always: true));
}

/// <summary>Chooses among endpoints by the listener that a request came through.</summary>
internal sealed class ListenerPolicy(ListeningSockets sockets, AdminGate gate) : MatcherPolicy, IEndpointSelectorPolicy
{
    // Before the choice by method: a wrong listener is "not found", never "method not allowed".
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var onAdmin = httpContext.Features.Get<ListenerFeature>() is { Name: "admin" };
        for (var index = 0; index < candidates.Count; index++)
        {
            var admin = candidates[index].Endpoint?.Metadata.GetMetadata<AdminEndpoint>();
            if (sockets.HasAdmin ? admin is not null != onAdmin : admin is { Always: true })
            {
                candidates.SetValidity(index, false);
            }
            else if (admin is { Always: true } && candidates.IsValidCandidate(index) && !gate.Opens(httpContext))
            {
                // An endpoint that is set here ends the choice.
                httpContext.SetEndpoint(AdminGate.Refusal);
                return Task.CompletedTask;
            }
        }

        return Task.CompletedTask;
    }
}
