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

    public bool HasFile => options.MaintenanceFile is not null;

    /// <summary>Writes the file, or removes it: for an operator's tool that cannot reach it.</summary>
    public void Set(MaintenanceNote? wanted)
    {
        if (wanted is null)
        {
            File.Delete(options.MaintenanceFile!);
        }
        else
        {
            // Renamed into place: another gateway may be reading it.
            var unnamed = $"{options.MaintenanceFile}.{Guid.NewGuid():N}";
            File.WriteAllBytes(unnamed, JsonSerializer.SerializeToUtf8Bytes(wanted, MaintenanceJson.Default.MaintenanceNote));
            File.Move(unnamed, options.MaintenanceFile!, overwrite: true);
        }

        ReadAgain();
    }

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
