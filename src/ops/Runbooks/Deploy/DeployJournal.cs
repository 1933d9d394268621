using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Process;
using Provost.Rendering.Trees;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>A deployment that is under way, on the disk: whoever takes the lock after its owner died knows where to return to.</summary>
/// <param name="Committed">Whether the new release serves and only the old one is left to be stopped.</param>
internal sealed record DeployJournal(string Release, DateTimeOffset Began, SiteSpec Old, SiteSpec Next, bool Committed)
{
    public static DeployJournal? Read(StateDirectory state)
    {
        try
        {
            return File.Exists(FileOf(state)) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(state)), JournalJson.Default.DeployJournal) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(StateDirectory state) => PrivateFiles.Write(FileOf(state), JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.DeployJournal));

    public static void Remove(StateDirectory state) => File.Delete(FileOf(state));

    private static string FileOf(StateDirectory state) => Path.Combine(state.Root, "deployment.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeployJournal))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>What to do about a deployment whose owner died in the middle of it.</summary>
public static class InterruptedDeployment
{
    /// <summary>Finishes it when the new release serves already, else returns to the old one; null when there is none.</summary>
    public static Task<string?> SettleAsync(TargetSite site, string tool, TimeProvider time, CancellationToken cancellation) =>
        site.Site.Target is Target.Compose ? SettleContainersAsync(site, time, cancellation) : SettleProcessesAsync(site.State, tool, time, cancellation);

    private static async Task<string?> SettleProcessesAsync(StateDirectory state, string tool, TimeProvider time, CancellationToken cancellation)
    {
        if (DeployJournal.Read(state) is not { } journal)
        {
            return null;
        }
        await using var roll = new ProcessRoll(state, journal.Old, new NextSite(journal.Next, journal.Release, new Dictionary<string, string>(), []), time, tool);
        await roll.EnsureAgentAsync(cancellation);
        if (journal.Committed)
        {
            await roll.StopOldAsync(drain: true, cancellation);
        }
        else
        {
            await roll.ReturnAsync(TimeSpan.FromSeconds(journal.Old.Probes.StartSeconds), cancellation);
        }
        DeployJournal.Remove(state);
        return Words(journal.Committed, journal.Release, journal.Old.Release);
    }

    // The file of what runs takes the place of the other when the new release serves: until both say the same, it does not.
    private static async Task<string?> SettleContainersAsync(TargetSite site, TimeProvider time, CancellationToken cancellation)
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
        if (isCommitted)
        {
            await roll.StopOldAsync(drain: true, cancellation);
        }
        else
        {
            await roll.ReturnAsync(site.Site.Probes.Start, cancellation);
        }
        roll.End();
        return Words(isCommitted, next.Release, running.Release);
    }

    private static string Words(bool isCommitted, string? release, string? old) => isCommitted
        ? $"the deployment of {release} had been broken off when its new replicas served already: it was finished"
        : $"the deployment of {release} had been broken off: {old} serves";
}
