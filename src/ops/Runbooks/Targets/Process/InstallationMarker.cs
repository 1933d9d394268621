using System.Text.Json;

namespace Provost.Runbooks.Targets.Process;

/// <summary>The note in a state directory that says whose it is.</summary>
public static class InstallationMarker
{
    public static string Write(string installation, string site, bool embeddedRedis) =>
        JsonSerializer.Serialize(new InstallationNote(installation, site, embeddedRedis), AgentJson.Default.InstallationNote);

    public static InstallationNote? Read(StateDirectory state)
    {
        try
        {
            return File.Exists(state.Marker) ? JsonSerializer.Deserialize(File.ReadAllBytes(state.Marker), AgentJson.Default.InstallationNote) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
