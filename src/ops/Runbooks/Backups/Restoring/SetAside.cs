using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>What restores with --replace set aside and kept: folders of plain processes, volumes of containers.</summary>
public sealed class SetAside(TargetSite site)
{
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation) => site.Site.Target switch
    {
        Target.Process => StateSwap.SetAside(site.State.Root),
        Target.Compose => await Volumes().SetAsideAsync(cancellation),
        var other => throw new OperationError(
            ErrorKind.Configuration, $"the site {site.Name} has target: {other.ToString().ToLowerInvariant()}, where a restore sets nothing aside", "choose a site with target: process or compose"),
    };

    /// <summary>Removes it for good.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> listed, CancellationToken cancellation)
    {
        if (site.Site.Target is Target.Compose)
        {
            await Volumes().RemoveAsync(listed, cancellation);
            return;
        }
        foreach (var folder in listed)
        {
            ScratchRestore.Remove(folder);
        }
    }

    private StoredVolumes Volumes() => new(new DockerEngine(), ComposeProject.Of(site), site.Site);
}
