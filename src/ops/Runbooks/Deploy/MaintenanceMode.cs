using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Deploy;

/// <param name="Message">What users read.</param>
/// <param name="RetryAfterSeconds">When programs shall try again.</param>
public sealed record MaintenanceNote(string Message, int RetryAfterSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MaintenanceNote))]
internal sealed partial class MaintenanceJson : JsonSerializerContext;

/// <summary>Closes the platform for users with a proper page; live sessions are told, operators' tools come through.</summary>
public static class MaintenanceMode
{
    public static MaintenanceNote? Look(StateDirectory state) =>
        File.Exists(FileOf(state)) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(state)), MaintenanceJson.Default.MaintenanceNote) : null;

    /// <summary>Returns when every gateway does so.</summary>
    public static Task TurnOnAsync(StateDirectory state, MaintenanceNote note, CancellationToken cancellation)
    {
        PrivateFiles.Write(FileOf(state), JsonSerializer.SerializeToUtf8Bytes(note, MaintenanceJson.Default.MaintenanceNote));
        return TellAsync(state, cancellation);
    }

    public static Task TurnOffAsync(StateDirectory state, CancellationToken cancellation)
    {
        File.Delete(FileOf(state));
        return TellAsync(state, cancellation);
    }

    internal static string FileOf(StateDirectory state) => Path.Combine(state.Root, "maintenance.json");

    // Gateways that are down read the file when they start.
    private static async Task TellAsync(StateDirectory state, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        using var gateways = new GatewayClient();
        if (state.ReadSiteSpec() is { } spec && await agent.StatusAsync(cancellation) is { } status)
        {
            await gateways.ReadMaintenanceAsync(GatewayClient.In(spec).Where(g => status.Replicas.Any(r => r.Id == g.Id && r.Pid is not null)), cancellation);
        }
    }
}
