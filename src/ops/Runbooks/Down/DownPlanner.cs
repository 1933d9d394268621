using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets;

namespace Provost.Runbooks.Down;

public static class DownPlanner
{
    public static Plan Plan(TargetSite site) => Plan(site, [new Step.StopSite(site.State)]);

    /// <param name="stop">What stops the services.</param>
    public static Plan Plan(TargetSite site, IReadOnlyList<Step> stop) => new(
        "Stop the installation; data stay", [.. stop, .. RegistryContainer.FolderOf(site) is { } registry ? new[] { new Step.StopRegistry(registry) } : []]);
}
