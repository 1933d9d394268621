using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets;

namespace Provost.Runbooks.Destroy;

public static class DestroyPlanner
{
    public static Plan Plan(TargetSite site) => Plan(site, [new Step.StopSite(site.State)]);

    /// <param name="stop">What stops the services, and removes what lies outside of the state directory.</param>
    public static Plan Plan(TargetSite site, IReadOnlyList<Step> stop) => new(
        "Stop the installation and remove its data",
        [.. stop, .. RegistryContainer.FolderOf(site) is { } registry ? new[] { new Step.RemoveRegistry(registry) } : [], new Step.RemoveState(site.State)]);
}
