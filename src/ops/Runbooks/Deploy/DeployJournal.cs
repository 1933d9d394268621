using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Deploy;

/// <summary>A deployment that is under way, on the disk: whoever takes the lock after its owner died knows where to return to.</summary>
/// <param name="Committed">Whether the new release serves and only the old one is left to be stopped.</param>
internal sealed record DeployJournal(string Release, DateTimeOffset Began, SiteSpec Old, SiteSpec Next, bool Committed)
{
    public static DeployJournal? Read(StateDirectory state)
    {
        try
        {
            return File.Exists(FileOf(state)) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(state)), JournalJson.Default.DeployJournal) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(StateDirectory state) => PrivateFiles.Write(FileOf(state), JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.DeployJournal));

    public static void Remove(StateDirectory state) => File.Delete(FileOf(state));

    private static string FileOf(StateDirectory state) => Path.Combine(state.Root, "deployment.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeployJournal))]
internal sealed partial class JournalJson : JsonSerializerContext;
