using System.Text.Json.Nodes;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>The machine that the engine runs on, which need not be this one.</summary>
/// <param name="Root">Where the engine keeps images and volumes.</param>
internal sealed record EngineMachine(string Root, long MemoryMebibytes, int Processors)
{
    /// <param name="info">What "docker info" says.</param>
    public static EngineMachine Read(JsonNode info) => new((string?)info["DockerRootDir"] ?? "", ((long?)info["MemTotal"] ?? 0) >> 20, (int?)info["NCPU"] ?? 0);
}
