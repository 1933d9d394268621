using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

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
    public static async Task TurnOnAsync(TargetSite site, MaintenanceNote note, CancellationToken cancellation)
    {
        if (site.Site.Target is Target.Compose)
        {
            await TellContainersAsync(site, note, cancellation);
        }
        PrivateFiles.Write(FileOf(site.State), JsonSerializer.SerializeToUtf8Bytes(note, MaintenanceJson.Default.MaintenanceNote));
        await TellProcessesAsync(site, cancellation);
    }

    public static async Task TurnOffAsync(TargetSite site, CancellationToken cancellation)
    {
        if (site.Site.Target is Target.Compose)
        {
            await TellContainersAsync(site, null, cancellation);
        }
        File.Delete(FileOf(site.State));
        await TellProcessesAsync(site, cancellation);
    }

    internal static string FileOf(StateDirectory state) => Path.Combine(state.Root, "maintenance.json");

    // Their note lies in a volume, where the next gateway finds it too.
    private static async Task TellContainersAsync(TargetSite site, MaintenanceNote? note, CancellationToken cancellation)
    {
        await using var running = await RunningSite.ReadAsync(site, cancellation);
        await GatewayClient.NoteMaintenanceAsync(running.Gateways, note, cancellation);
    }

    // Gateways that are down read the file when they start.
    private static async Task TellProcessesAsync(TargetSite site, CancellationToken cancellation)
    {
        using var agent = new AgentClient(site.State.AgentSocket);
        if (site.Site.Target is Target.Process && site.State.ReadSiteSpec() is { } spec && await agent.StatusAsync(cancellation) is { } status)
        {
            var gateways = LoopbackGateway.In(site.State, spec).Where(g => status.Replicas.Any(r => r.Id == g.Id && r.Pid is not null));
            await GatewayClient.ReadMaintenanceAsync(gateways, cancellation);
        }
    }
}
