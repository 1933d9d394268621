using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Doctor;

/// <summary>What can be said about an installation beyond its machine.</summary>
public static class Running
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Examine(Installation installation, Site site, StateDirectory state, SiteStatus status)
    {
        yield return Redis(site, state);
        if (!state.Exists)
        {
            yield break;
        }
        foreach (var finding in SecretsOf(state))
        {
            yield return finding;
        }
        if (status.Status is null)
        {
            yield return new Finding("agent", true, $"{installation.Name} does not run", null);
            yield break;
        }
        yield return status.AgentRuns
            ? new Finding("agent", true, $"process {status.Status.Pid}", null)
            : new Finding("agent", false, "the agent is down: services go on, but nobody restarts them", "provost up -d");
        foreach (var replica in status.Status.Replicas)
        {
            yield return replica.Ready
                ? new Finding(replica.Id, true, $"ready, {replica.Restarts} restarts", null)
                : new Finding(replica.Id, false, replica.Problem ?? "not ready", $"provost logs {replica.Id}");
        }
    }

    private static Finding Redis(Site site, StateDirectory state)
    {
        try
        {
            return new Finding("redis", true, RedisChoice.Program(site.Stores.Redis.Server, state) ?? "embedded", null);
        }
        catch (OperationError e)
        {
            return new Finding("redis", false, e.Message, e.Remedy);
        }
    }

    private static IEnumerable<Finding> SecretsOf(StateDirectory state)
    {
        var missing = Secrets.All.SelectMany(s => s.Services.Select(service => Path.Combine(state.Secrets, service, s.Name))).Where(f => !File.Exists(f)).ToList();
        var open = Directory.Exists(state.Secrets)
            ? Directory.EnumerateFileSystemEntries(state.Secrets, "*", SearchOption.AllDirectories).Where(f => (File.GetUnixFileMode(f) & Others) != 0).ToList()
            : [];
        yield return missing.Count == 0 ? new Finding("secrets", true, "all there", null)
            : new Finding("secrets", false, $"missing: {string.Join(", ", missing)}", "provost up -d makes passwords anew; put keys back from a backup");
        if (open.Count > 0)
        {
            yield return new Finding("secrets", false, $"others may read {string.Join(", ", open)}", $"chmod -R go= {state.Secrets}");
        }
    }
}
