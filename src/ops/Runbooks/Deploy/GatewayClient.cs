using System.Text.Json;
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

/// <summary>A request that a gateway's own program passes on to its admin listener, as one line.</summary>
internal sealed record AdminRequest(string Method, string Path, string? Body);

/// <param name="Status">0 when the gateway did not answer; then the body says why.</param>
internal sealed record AdminAnswer(int Status, string Body);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Destinations))]
[JsonSerializable(typeof(GatewayReport))]
[JsonSerializable(typeof(AdminRequest))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class GatewayJson : JsonSerializerContext
{
    public static string Line(AdminRequest request) => JsonSerializer.Serialize(request, Default.AdminRequest);

    public static AdminAnswer Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Default.AdminAnswer) ?? new AdminAnswer(0, "an empty answer");
        }
        catch (JsonException)
        {
            return new AdminAnswer(0, line);
        }
    }
}

/// <summary>What is asked of the admin listeners of gateways.</summary>
internal static class GatewayClient
{
    private const string DestinationsPath = "/gateway/destinations";
    private const string MaintenancePath = "/gateway/maintenance";

    /// <summary>Returns when every gateway sends new requests only to these destinations.</summary>
    public static Task SetAsync(IEnumerable<IGateway> gateways, Destinations destinations, CancellationToken cancellation) =>
        Task.WhenAll(gateways.Select(g => RequireAsync(g, HttpMethod.Put, DestinationsPath, JsonSerializer.Serialize(destinations, GatewayJson.Default.Destinations), cancellation)));

    /// <summary>Returns when every gateway has read again whether maintenance is on.</summary>
    public static Task ReadMaintenanceAsync(IEnumerable<IGateway> gateways, CancellationToken cancellation) =>
        Task.WhenAll(gateways.Select(g => RequireAsync(g, HttpMethod.Post, MaintenancePath, null, cancellation)));

    /// <summary>Returns when every gateway has noted it itself, where its note is out of this machine's reach.</summary>
    /// <param name="note">Null to end it.</param>
    public static Task NoteMaintenanceAsync(IEnumerable<IGateway> gateways, MaintenanceNote? note, CancellationToken cancellation) =>
        Task.WhenAll(gateways.Select(g => note is null
            ? RequireAsync(g, HttpMethod.Delete, MaintenancePath, null, cancellation)
            : RequireAsync(g, HttpMethod.Put, MaintenancePath, JsonSerializer.Serialize(note, MaintenanceJson.Default.MaintenanceNote), cancellation)));

    /// <summary>Null when it does not answer (any more).</summary>
    public static async Task<GatewayReport?> ReportAsync(IGateway gateway, CancellationToken cancellation)
    {
        try
        {
            var (status, body) = await gateway.SendAsync(HttpMethod.Get, DestinationsPath, null, cancellation);
            return status == 200 ? JsonSerializer.Deserialize(body, GatewayJson.Default.GatewayReport) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Live connections through these gateways.</summary>
    public static async Task<int> LiveSessionsAsync(IEnumerable<IGateway> gateways, CancellationToken cancellation) =>
        (await Task.WhenAll(gateways.Select(g => ReportAsync(g, cancellation)))).Sum(r => r?.WebSockets ?? 0);

    private static async Task RequireAsync(IGateway gateway, HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        try
        {
            var (status, answer) = await gateway.SendAsync(method, path, body, cancellation);
            if (status is < 200 or > 299)
            {
                throw Refused(gateway, $"answered {status} to {method} {path}: {answer}", null);
            }
        }
        catch (IOException e)
        {
            throw Refused(gateway, $"does not answer on its admin listener: {e.Message}", e);
        }
    }

    private static OperationError Refused(IGateway gateway, string what, Exception? cause) =>
        new(ErrorKind.Failed, $"{gateway.Id} {what}", $"look at it with: provost logs {Replicas.Gateway}", cause: cause);
}
