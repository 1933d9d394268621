using Provost.Rendering.Trees;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What to do about a deployment whose owner died in the middle of it.</summary>
public static class InterruptedDeployment
{
    /// <summary>Finishes it when the new release serves already, else returns to the old one, and notes that in the ledger; null when there is none.</summary>
    /// <param name="say">Takes what happens meanwhile.</param>
    /// <returns>What was done, in words.</returns>
    public static async Task<string?> SettleAsync(TargetSite site, string tool, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        var note = DeployNote.Read(site.State);
        var settled = site.Site.Target is Target.Compose ? await SettleContainersAsync(site, say, time, cancellation) : await SettleProcessesAsync(site.State, tool, say, time, cancellation);
        // Without anything to settle it had come to its end, and only its line in the ledger may be missing.
        var end = settled ?? (note is null ? null : new Settled(note.Committed, note.Release, note.From));
        var isNew = note is not null && new DeployHistory(site.State, time).NoteSettled(note, end!.IsCommitted);
        DeployNote.Remove(site.State);
        return settled is not null || isNew ? Words(end!) : null;
    }

    private static async Task<Settled?> SettleProcessesAsync(StateDirectory state, string tool, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        if (DeployJournal.Read(state) is not { } journal)
        {
            return null;
        }
        await using var roll = new ProcessRoll(state, journal.Old, new NextSite(journal.Next, journal.Release, new Dictionary<string, string>(), []), time, tool);
        await roll.EnsureAgentAsync(cancellation);
        await SettleAsync(roll, journal.Committed, TimeSpan.FromSeconds(journal.Old.Probes.StartSeconds), say, cancellation);
        return new Settled(journal.Committed, journal.Release, journal.Old.Release);
    }

    // The file of what runs takes the place of the other when the new release serves: until both say the same, it does not.
    private static async Task<Settled?> SettleContainersAsync(TargetSite site, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        var project = ComposeProject.Of(site);
        var files = new ComposeFiles(project);
        if (files is not { Running: { } running, Next: { } next })
        {
            return null;
        }
        var engine = new DockerEngine();
        await engine.RequireComposeAsync(cancellation);
        var living = (await new ComposeContainers(engine, project).ReadAsync(cancellation)).Where(c => c.Replica.Pid is not null).ToList();
        if (living.Count == 0)
        {
            files.RemoveNext();
            return null;
        }
        var isCommitted = running.Text == next.Text;
        var found = new RunningContainers(project, site.Site, running, null, RunningSite.GatewaysOf(engine, living));
        await using var roll = new ContainerRoll(found, new NextContainers(next, new RenderedTree([]), next.Release ?? "", []), time);
        roll.Begin();
        await SettleAsync(roll, isCommitted, site.Site.Probes.Start, say, cancellation);
        return new Settled(isCommitted, next.Release, running.Release);
    }

    private static async Task SettleAsync(IRoll roll, bool isCommitted, TimeSpan limit, Action<string> say, CancellationToken cancellation)
    {
        if (isCommitted)
        {
            await roll.StopOldAsync(drain: true, say, cancellation);
        }
        else
        {
            await roll.ReturnAsync(limit, _ => { }, cancellation);
        }
        roll.End();
    }

    private static string Words(Settled settled) => settled.IsCommitted
        ? $"the deployment of {settled.Release} had been broken off when its new replicas served already: it was finished"
        : $"the deployment of {settled.Release} had been broken off: {settled.Old} serves";

    private sealed record Settled(bool IsCommitted, string? Release, string? Old);
}
