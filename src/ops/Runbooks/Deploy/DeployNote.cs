using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// What the ledger will say about a deployment that is under way, whatever kind of site it is on: when its command dies, or cannot
/// write the ledger, the next one puts the line in.
/// </summary>
/// <param name="Configuration">provost.yaml as text.</param>
/// <param name="Committed">Whether the new release serves.</param>
internal sealed record DeployNote(string Verb, string Release, string From, string Configuration, DateTimeOffset Began, bool Committed)
{
    public static DeployNote? Read(StateDirectory state)
    {
        try
        {
            return File.Exists(FileOf(state)) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(state)), DeployNoteJson.Default.DeployNote) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a deployment got so far that there is something to take back.</summary>
    public static bool IsUnderWay(StateDirectory state, DeployNote note) => Read(state) is { } begun && begun.Began == note.Began;

    public void Write(StateDirectory state) => PrivateFiles.Write(FileOf(state), JsonSerializer.SerializeToUtf8Bytes(this, DeployNoteJson.Default.DeployNote));

    public static void Remove(StateDirectory state) => File.Delete(FileOf(state));

    private static string FileOf(StateDirectory state) => Path.Combine(state.Root, "deploying.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeployNote))]
internal sealed partial class DeployNoteJson : JsonSerializerContext;
