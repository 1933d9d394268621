using System.Globalization;
using System.Text.RegularExpressions;
using Provost.Rendering.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>The volumes with data and secrets of a site: those that it runs on, and those that restores set aside.</summary>
internal sealed partial class StoredVolumes(DockerEngine engine, ComposeProject project, Site site)
{
    /// <summary>What the names of those that it runs on end with; empty until the first restore.</summary>
    public string Ending => MachineSettings.Value(ComposeNames.VolumesVariable, project.Folder, Environment.GetEnvironmentVariable) ?? "";

    public static string NewEnding(TimeProvider time) => time.GetUtcNow().ToString("'-'yyyyMMdd't'HHmmss'z'", CultureInfo.InvariantCulture);

    /// <summary>Those that it runs on and that the engine has.</summary>
    public Task<IReadOnlyList<string>> StandingAsync(CancellationToken cancellation) => FindAsync(ending => ending == Ending, cancellation);

    /// <summary>Those that it ran on before a restore, and those of restores that were killed.</summary>
    public Task<IReadOnlyList<string>> SetAsideAsync(CancellationToken cancellation) => FindAsync(ending => ending != Ending, cancellation);

    public async Task RemoveAsync(string ending, CancellationToken cancellation) => await RemoveAsync(await FindAsync(e => e == ending, cancellation), cancellation);

    public async Task RemoveAsync(IReadOnlyList<string> volumes, CancellationToken cancellation)
    {
        if (volumes.Count > 0)
        {
            await engine.OutputAsync(["volume", "rm", .. volumes], cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(Func<string, bool> wanted, CancellationToken cancellation)
    {
        var all = await engine.OutputAsync(["volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={project.Name}"], cancellation);
        return Of(project.Name, ComposeNames.StoredVolumes(site), all.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), wanted);
    }

    /// <summary>Volumes of the engine that are one of these, with an ending that is wanted.</summary>
    internal static IReadOnlyList<string> Of(string project, IReadOnlyList<string> stored, IEnumerable<string> all, Func<string, bool> wanted) =>
    [
        .. all.Where(volume => stored.Any(name => ComposeNames.EngineVolume(project, name, "") is var begin && volume.StartsWith(begin, StringComparison.Ordinal)
            && volume[begin.Length..] is var ending && (ending.Length == 0 || Stamp().IsMatch(ending)) && wanted(ending))).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^-\d{8}t\d{6}z$")]
    private static partial Regex Stamp();
}
