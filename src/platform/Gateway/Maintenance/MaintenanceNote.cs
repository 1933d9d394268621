using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Gateway.Maintenance;

/// <summary>What users are told while the platform is closed for work.</summary>
internal sealed record MaintenanceNote(string Message, int RetryAfterSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(MaintenanceNote))]
internal sealed partial class MaintenanceJson : JsonSerializerContext;

/// <summary>Whether maintenance is on: a file that the operator's tool writes, so that it outlives this process.</summary>
internal sealed class MaintenanceSwitch(GatewayOptions options)
{
    private MaintenanceNote? note = Read(options.MaintenanceFile);

    public MaintenanceNote? Note => Volatile.Read(ref note);

    public void ReadAgain() => Volatile.Write(ref note, Read(options.MaintenanceFile));

    private static MaintenanceNote? Read(string? file)
    {
        try
        {
            return file is null ? null : JsonSerializer.Deserialize(File.ReadAllBytes(file), MaintenanceJson.Default.MaintenanceNote);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
