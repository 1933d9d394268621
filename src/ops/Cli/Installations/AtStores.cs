using System.CommandLine;
using Provost.Cli.Commands;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Cli.Installations;

/// <summary>What a verb about backups takes from this machine's disk.</summary>
/// <param name="Input">A file that is read here and given as standard input where the verb runs.</param>
/// <param name="From">A directory or a bucket with a repository: then the verb needs nothing of the site, and runs here.</param>
/// <param name="OnKubernetes">Whether a pod of the cluster can do it, which sees nothing of this machine and whose log others may read.</param>
internal sealed record StoresRequest(Func<ParseResult, string?>? Input = null, Func<ParseResult, string?>? From = null, bool OnKubernetes = false);

/// <summary>Verbs about backups run where the stores are within reach: here for plain processes, in the site's backup container for Compose, in a Job on Kubernetes.</summary>
internal static class AtStores
{
    public static void DoesAtStores(this Command command, Func<Invocation, BackupSite, Task<ExitCode>> action, StoresRequest? request = null)
    {
        if (request?.OnKubernetes == true)
        {
            command.AddCluster();
        }
        command.Does(invocation => RunAsync(invocation, action, request));
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation, Func<Invocation, BackupSite, Task<ExitCode>> action, StoresRequest? request)
    {
        var loaded = invocation.Load();
        var isElsewhere = IsElsewhere(request?.From?.Invoke(invocation.Parsed));
        if (Placement is null && request?.OnKubernetes == true && loaded.Site.Target is Target.Kubernetes && !isElsewhere)
        {
            if (request.Input?.Invoke(invocation.Parsed) is not null)
            {
                throw new OperationError(ErrorKind.Refused, "a pod of the cluster is given no file of this machine", "name the repository that the kit opens: --from s3://BUCKET/PREFIX?endpoint=URL");
            }
            return await KubernetesVerbs.BackupAsync(invocation, Arguments(invocation, request));
        }
        return Placement is not null || loaded.Site.Target is Target.Process || isElsewhere
            ? await action(invocation, loaded.BackupSite())
            : (ExitCode)await loaded.RequireContainers(invocation).RunAsync(Arguments(invocation, request), Input(request?.Input?.Invoke(invocation.Parsed)), invocation.Cancellation);
    }

    /// <summary>The site as backups see it, here or in its container.</summary>
    public static BackupSite BackupSite(this LoadedInstallation loaded) =>
        new(loaded.Installation, loaded.SiteName, Placement is null ? loaded.State : new StateDirectory(BackupPlacement.StateDirectory), loaded.Folder, loaded.File, Invocation.Checkout)
        {
            Placement = Placement,
        };

    /// <summary>What this container was told; null on a machine.</summary>
    public static BackupPlacement? Placement { get; } = BackupPlacement.Read(Environment.GetEnvironmentVariable);

    /// <summary>Whether a place is a repository that this machine reaches by itself.</summary>
    public static bool IsElsewhere(string? from) => from is not null && RepositoryAddress.Is(from);

    public static ComposeBackup RequireContainers(this LoadedInstallation loaded, Invocation invocation) => loaded.Site.Target is Target.Compose
        ? new ComposeBackup(loaded.TargetSite(), invocation.Time)
        : throw new OperationError(
            ErrorKind.Configuration, $"the site {loaded.SiteName} has target: {loaded.Site.Target.ToString().ToLowerInvariant()}, where this verb cannot do that",
            "docs/guides/kubernetes.md, Backups, says how it is done on a cluster");

    public static async Task<BackupHealth> BackupHealthAsync(this Invocation invocation, LoadedInstallation loaded) => loaded.Site.Target is Target.Compose && Placement is null
        ? await loaded.RequireContainers(invocation).HealthAsync(invocation.Cancellation) : BackupHealth.Of(loaded.BackupSite(), invocation.Time);

    private static readonly string[] Here = [Verb.Config.Name, Verb.Site.Name, ClusterOptions.KubeConfigFile.Name, ClusterOptions.Context.Name];

    private static IReadOnlyList<string> Arguments(Invocation invocation, StoresRequest? request) =>
        Forwarded([.. invocation.Parsed.Tokens.Select(t => t.Value)], request?.Input?.Invoke(invocation.Parsed));

    /// <summary>What was typed, without what is different in the container: the file of the description, and the file that becomes standard input.</summary>
    internal static IReadOnlyList<string> Forwarded(IReadOnlyList<string> tokens, string? file)
    {
        List<string> arguments = [];
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Here.Contains(tokens[i]))
            {
                i++;
                continue;
            }
            arguments.Add(tokens[i]);
        }
        if (file is not null)
        {
            // The last one: a kit may be called as a verb is.
            arguments[arguments.LastIndexOf(file)] = "-";
        }
        return arguments;
    }

    private static string? Input(string? file) => file is null or "-" ? null : RecoveryKitCommand.Text(file);
}
