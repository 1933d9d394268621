using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Process;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>Where a gateway sends requests: addresses of replicas.</summary>
internal sealed record Destinations(IReadOnlyList<string> Api, IReadOnlyList<string> Web)
{
    public CanaryShare? Canary { get; init; }

    public static Destinations Of(SiteSpec spec) => new(Of(spec, Replicas.Api), Of(spec, Replicas.Web));

    private static IReadOnlyList<string> Of(SiteSpec spec, string service) => [.. spec.Replicas.Where(r => r.Service == service).Select(r => $"http://127.0.0.1:{r.Probe.Port}")];
}

internal sealed record CanaryShare(IReadOnlyList<string> Api, IReadOnlyList<string> Web, int Percent);

internal sealed record DestinationState(string Address, string Health, int Requests, int WebSockets, long Answered, long Failed, double Milliseconds);

internal sealed record GatewayReport(IReadOnlyList<DestinationState> Api, IReadOnlyList<DestinationState> Web, IReadOnlyList<DestinationState> Leaving, long Served, long Failed)
{
    public int WebSockets => Api.Concat(Web).Concat(Leaving).Sum(d => d.WebSockets);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Destinations))]
[JsonSerializable(typeof(GatewayReport))]
internal sealed partial class GatewayJson : JsonSerializerContext;

/// <summary>Talks to the admin listeners of the gateways of a site.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };

    public static IReadOnlyList<ReplicaSpec> In(SiteSpec spec) => [.. spec.Replicas.Where(r => r.Service == Replicas.Gateway)];

    /// <summary>Returns when every gateway sends new requests only to these destinations.</summary>
    public Task SetAsync(IEnumerable<ReplicaSpec> gateways, Destinations destinations, CancellationToken cancellation) => Task.WhenAll(gateways.Select(async gateway =>
    {
        try
        {
            using var response = await http.PutAsJsonAsync(Url(gateway), destinations, GatewayJson.Default.Destinations, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(gateway, $"answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}", null);
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Refused(gateway, $"does not answer on its admin listener: {e.Message}", e);
        }
    }));

    /// <summary>Returns when every gateway has read again whether maintenance is on.</summary>
    public Task ReadMaintenanceAsync(IEnumerable<ReplicaSpec> among, CancellationToken cancellation) => Task.WhenAll(among.Select(async gateway =>
    {
        try
        {
            using var response = await http.PostAsync(new Uri($"http://127.0.0.1:{gateway.Probe.Port}/gateway/maintenance"), null, cancellation);
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw Refused(gateway, $"does not take up the maintenance mode: {e.Message}", e);
        }
    }));

    /// <summary>Null when it does not answer (any more).</summary>
    public async Task<GatewayReport?> ReportAsync(ReplicaSpec gateway, CancellationToken cancellation)
    {
        try
        {
            return await http.GetFromJsonAsync(Url(gateway), GatewayJson.Default.GatewayReport, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private static Uri Url(ReplicaSpec gateway) => new($"http://127.0.0.1:{gateway.Probe.Port}/gateway/destinations");

    private static OperationError Refused(ReplicaSpec gateway, string what, Exception? cause) =>
        new(ErrorKind.Failed, $"{gateway.Id} {what}", $"look at it with: provost logs {gateway.Service}", cause: cause);
}
