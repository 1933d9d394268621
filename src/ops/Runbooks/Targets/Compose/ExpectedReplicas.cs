using Provost.Rendering.Compose;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>The replicas that the rendered file names: one without a container is not there, and nothing else says so.</summary>
internal static class ExpectedReplicas
{
    /// <param name="rendered">Null when the site was rendered elsewhere: then what there is counts.</param>
    public static IReadOnlyList<ReplicaStatus> Missing(ComposeDocument? rendered, IReadOnlyList<SiteContainer> there) =>
    [
        .. (rendered?.Services ?? []).Where(part => part.Replica is not null && there.All(container => container.Replica.Id != part.Replica))
            .Select(part => new ReplicaStatus(part.Replica!, part.Service!, null, false, 0, 0, Phase.Stopped, null, "it has no container: it was removed, or never made", false)),
    ];
}
