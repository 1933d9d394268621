using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Hosting.Listening;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Provost.Gateway.Destinations;

/// <summary>GET and PUT /gateway/destinations on the admin listener.</summary>
internal static class DestinationsEndpoints
{
    private const double LongestWaitSeconds = 300;

    public static void MapDestinations(this WebApplication app)
    {
        var destinations = app.MapGroup("/gateway/destinations").OnlyOnAdminListener();
        destinations.MapGet("", Get);
        destinations.MapPut("", PutAsync);
    }

    private static JsonHttpResult<DestinationsReport> Get(DestinationTable table, Traffic traffic, IProxyStateLookup proxy) =>
        TypedResults.Json(Report(table, traffic, proxy), DestinationsJson.Default.DestinationsReport);

    private static async Task<Results<JsonHttpResult<DestinationsReport>, ProblemHttpResult>> PutAsync(
        HttpRequest request, DestinationTable table, Traffic traffic, IProxyStateLookup proxy, TimeProvider time, double drainWait = 0)
    {
        var wanted = await request.ReadFromJsonAsync(DestinationsJson.Default.WantedDestinations, request.HttpContext.RequestAborted);
        if (Problem(wanted, drainWait) is { } problem)
        {
            return problem;
        }

        await table.SetAsync(Distinct(wanted!.Api), Distinct(wanted.Web), wanted.Canary, request.HttpContext.RequestAborted);
        await WaitForLeavingAsync(table, traffic, time, TimeSpan.FromSeconds(drainWait), request.HttpContext.RequestAborted);
        return TypedResults.Json(Report(table, traffic, proxy), DestinationsJson.Default.DestinationsReport);
    }

    private static ProblemHttpResult? Problem(WantedDestinations? wanted, double drainWait)
    {
        if (wanted is null or { Api: null, Web: null })
        {
            return Refuse("No destinations were given", "Send {\"api\":[\"http://ADDRESS:PORT\"],\"web\":[...]}; a list that is left out stays as it is.");
        }

        if (drainWait is not (>= 0 and <= LongestWaitSeconds))
        {
            return Refuse($"drainWait is {drainWait}", $"Give seconds from 0 to {LongestWaitSeconds}.");
        }

        if (wanted.Canary is { Percent: not (> 0 and < 100) })
        {
            return Refuse($"The canary's share is {wanted.Canary.Percent} per cent", "Give 1 to 99.");
        }

        return Named(wanted).FirstOrDefault(address => !GatewayOptions.IsAddress(address)) is { } wrong
            ? Refuse($"\"{wrong}\" is no address of a destination", "Give addresses like http://127.0.0.1:5001.")
            : null;
    }

    private static IEnumerable<string> Named(WantedDestinations wanted) =>
        [.. wanted.Api ?? [], .. wanted.Web ?? [], .. wanted.Canary?.Api ?? [], .. wanted.Canary?.Web ?? []];

    // WebSockets are not waited for: the replica closes them when it drains.
    private static async Task WaitForLeavingAsync(
        DestinationTable table, Traffic traffic, TimeProvider time, TimeSpan limit, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < limit && Leaving(table, traffic).Any(address => traffic.To(address).Requests > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
    }

    private static DestinationsReport Report(DestinationTable table, Traffic traffic, IProxyStateLookup proxy) => new(
        States(Clusters.Api, table.Api, traffic, proxy),
        States(Clusters.Web, table.Web, traffic, proxy),
        [.. Leaving(table, traffic).Select(address => State(address, "leaving", traffic))],
        traffic.Served, traffic.Failed);

    private static DestinationState[] States(string cluster, IReadOnlyList<string> addresses, Traffic traffic, IProxyStateLookup proxy)
    {
        var known = proxy.TryGetCluster(cluster, out var state) ? state.Destinations : null;
        return [.. addresses.Select(address => State(
            address,
            known is not null && known.TryGetValue(address, out var destination) ? Health(destination.Health) : "unknown",
            traffic))];
    }

    private static string Health(DestinationHealthState health) =>
        health.Active == DestinationHealth.Unhealthy || health.Passive == DestinationHealth.Unhealthy ? "unhealthy"
        : health.Active == DestinationHealth.Healthy ? "healthy" : "unknown";

    private static DestinationState State(string address, string health, Traffic traffic)
    {
        var to = traffic.To(address);
        return new(address, health, to.Requests, to.WebSockets, to.Answered, to.Failed, to.Milliseconds);
    }

    private static IReadOnlyList<string> Leaving(DestinationTable table, Traffic traffic) =>
        traffic.Leaving(table.Api.Concat(table.Web).ToHashSet(StringComparer.Ordinal));

    private static string[]? Distinct(string[]? addresses) => addresses is null ? null : [.. addresses.Distinct(StringComparer.Ordinal)];

    private static ProblemHttpResult Refuse(string title, string detail) =>
        TypedResults.Problem(title: title, detail: detail, statusCode: StatusCodes.Status400BadRequest);
}

/// <param name="Canary">Replicas that get a share of the requests beside the others; left out, there are none.</param>
internal sealed record WantedDestinations(string[]? Api, string[]? Web, Canary? Canary = null);

/// <param name="Percent">Share of the requests, 1 to 99.</param>
internal sealed record Canary(string[] Api, string[] Web, int Percent);

/// <param name="Served">Public requests that were answered since this process started.</param>
/// <param name="Failed">Those among them that got no proper answer: 5xx, or cut off by this side.</param>
internal sealed record DestinationsReport(
    IReadOnlyList<DestinationState> Api, IReadOnlyList<DestinationState> Web, IReadOnlyList<DestinationState> Leaving, long Served, long Failed);

/// <param name="Answered">Requests that have ended since this process first sent one there; how many of them failed; how long they took together.</param>
internal sealed record DestinationState(string Address, string Health, int Requests, int WebSockets, long Answered, long Failed, double Milliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(WantedDestinations))]
[JsonSerializable(typeof(DestinationsReport))]
internal sealed partial class DestinationsJson : JsonSerializerContext;
