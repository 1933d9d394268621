using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>A site as it is: as its agent says, or, when that is down, as the process table says.</summary>
/// <param name="Status">Null when nothing runs.</param>
public sealed record SiteStatus(AgentStatus? Status, bool AgentRuns)
{
    public static async Task<SiteStatus> ReadAsync(StateDirectory state, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        if (state.Exists && await agent.StatusAsync(cancellation) is { } status)
        {
            return new SiteStatus(status, true);
        }
        var living = SiteStop.LivingChildren(state);
        return living.Count == 0 || state.ReadSiteSpec() is not { } spec ? new SiteStatus(null, false) : new SiteStatus(
            new AgentStatus(0, "", 0, spec.Installation, spec.Site, spec.Release, spec.Digest, spec.PublicUrl, false,
                [.. spec.Replicas.Select(r => Of(r.Id, r.Service, living.FirstOrDefault(c => c.Replica == r.Id)))]),
            false);
    }

    // Nobody probes while the agent is down: a replica counts as ready only when somebody has asked it.
    private static ReplicaStatus Of(string id, string service, ChildState? child) => child is null
        ? new ReplicaStatus(id, service, null, false, 0, 0, Phase.Stopped, null, "ended while the agent was down", false)
        : new ReplicaStatus(id, service, child.Process.Pid, false, child.Restarts, ProcessTable.ResidentBytes(child.Process.Pid), Phase.Running, child.StartedAt, "the agent is down: nobody asks", false);
}
