using Provost.Rendering.Compose;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>The volumes of a Compose project.</summary>
internal sealed class ComposeVolumes(DockerEngine engine, ComposeProject project)
{
    /// <summary>Removes all but the one with the backups: as on the disk of a machine, these outlive what they are backups of.</summary>
    public async Task RemoveAsync(Action<string> line, CancellationToken cancellation)
    {
        var all = (await engine.OutputAsync(["volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={project.Name}"], cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var backups = $"{project.Name}_{ComposeNames.BackupsVolume}";
        string[] removed = [.. all.Where(v => v != backups)];
        if (removed.Length > 0)
        {
            await engine.OutputAsync(["volume", "rm", .. removed], cancellation);
        }
        if (all.Contains(backups))
        {
            line($"backups stay in the volume {backups}; only their recovery kit opens them from now on");
        }
    }
}
