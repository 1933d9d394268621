using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Backups;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>The verbs of every target, on a Kubernetes site.</summary>
internal static class KubernetesVerbs
{
    /// <summary>Whether the site that is meant runs on Kubernetes.</summary>
    public static bool IsOnKubernetes(this Invocation invocation) => invocation.Load().Site.Target is Target.Kubernetes;

    /// <summary>The platform's operator API, wherever the site runs.</summary>
    public static Task<OperatorClient> OperatorAsync(this Invocation invocation)
    {
        if (!invocation.IsOnKubernetes())
        {
            return invocation.Target().OperatorAsync(invocation.Cancellation);
        }
        var site = invocation.ClusterSite();
        return new ClusterDoor(invocation.Connect(), site.Namespace, site.Installation.Name).OpenAsync(invocation.Cancellation);
    }

    public static async Task<ExitCode> DeployAsync(Invocation invocation, ClusterDeployOptions options)
    {
        var site = invocation.ClusterSite(options.Version);
        using var api = invocation.Connect();
        var request = new ClusterRequest(site.Version, KubernetesRenderer.Manifests(site))
        {
            Stores = options.Stores,
            Backup = options.Backup ? new ClusterBackup(api, site.Namespace, invocation.Time).CreateAsync : null,
        };
        var outcome = await Deploying(api, site, invocation).DeployAsync(request, invocation.Cancellation);
        return ClusterDeployTalk.Write(invocation.Terminal, site, outcome with { Notes = [.. outcome.Notes, .. BackupRemarks(site)] });
    }

    /// <param name="to">Number or version of a release; the one before the present one when null.</param>
    public static async Task<ExitCode> RollbackAsync(Invocation invocation, string? to)
    {
        var site = invocation.ClusterSite();
        using var api = invocation.Connect();
        return ClusterDeployTalk.Write(invocation.Terminal, site, await Deploying(api, site, invocation).RollbackAsync(to, invocation.Cancellation));
    }

    public static async Task<ExitCode> StatusAsync(Invocation invocation)
    {
        var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
        using var api = invocation.Connect();
        var status = await ClusterStatus.ReadAsync(api, site.Namespace, Book(api, site, invocation), invocation.Cancellation);
        status = status with { Backup = status.Found ? await ClusterBackupHealth.ReadAsync(api, site.Namespace, site.Site.Backup, invocation.Time, invocation.Cancellation) : null };
        if (terminal.Json)
        {
            terminal.Write(ClusterStatusAnswer.Of(site, status), KubernetesJson.Plain.ClusterStatusAnswer);
        }
        else
        {
            Print(terminal, site, api, status);
        }
        return status.IsHealthy ? ExitCode.Success : status.Found ? ExitCode.NotReady : ExitCode.NotRunning;
    }

    public static async Task<ExitCode> LogsAsync(Invocation invocation, LogRequest request)
    {
        var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
        using var api = invocation.Connect();
        await foreach (var (pod, text) in new ClusterLogs(api, site.Namespace, site.Installation.Name, invocation.Time).ReadAsync(request, invocation.Cancellation))
        {
            LogsCommand.Write(terminal, LogLine.Parse(pod, text));
        }
        return ExitCode.Success;
    }

    /// <param name="yes">The installation's name as it was given on the command line; null to ask for it.</param>
    public static async Task<ExitCode> DestroyAsync(Invocation invocation, string? yes)
    {
        var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
        var name = site.Installation.Name;
        using var api = invocation.Connect();
        if (yes is null && terminal.IsInteractive)
        {
            terminal.Talk.Write($"This removes namespace {site.Namespace} of {api.ClusterName} with all courses, accounts and keys, and every backup that is not in a bucket. Type the installation's name ({name}) to go on: ");
            yes = terminal.Input.ReadLine()?.Trim();
        }
        if (yes != name)
        {
            throw new OperationError(ErrorKind.Refused, $"nothing was removed: the name of the installation is \"{name}\"", $"type it, or pass --yes {name}");
        }
        await new ClusterDestroy(api, site.Installation.Name, invocation.Time, invocation.Terminal.Say).DestroyAsync(
            site.Namespace, KubernetesRenderer.Manifests(site), invocation.Cancellation);
        if (invocation.Terminal.Json)
        {
            invocation.Terminal.Write(new DoneAnswer(site.Installation.Name, "destroyed"), AnswerJson.Plain.DoneAnswer);
        }
        return ExitCode.Success;
    }

    /// <summary>Runs a verb about backups inside of the cluster. What it writes is in one log there: with --json, the document alone is the answer.</summary>
    public static async Task<ExitCode> BackupAsync(Invocation invocation, IReadOnlyList<string> arguments)
    {
        var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
        using var api = invocation.Connect();
        return (ExitCode)await new ClusterBackup(api, site.Namespace, invocation.Time).RunAsync(
            arguments, line => (terminal.Json && !line.StartsWith('{') && !line.StartsWith('[') ? terminal.Talk : terminal.Output).WriteLine(line), invocation.Cancellation);
    }

    public static ReleaseBook Book(ApiConnection api, ClusterSite site, Invocation invocation) => new(api, site.Namespace, site.Installation.Name, invocation.Time);

    // What lies on a volume of the cluster is gone with it.
    private static string[] BackupRemarks(ClusterSite site) => site.Site.Backup.Destinations.Values.Any(destination => destination.Bucket is not null) ? []
        : ["backups lie in this cluster alone and are lost with it: give backup.destinations in provost.yaml a bucket (docs/guides/backups.md)"];

    private static ClusterDeploy Deploying(ApiConnection api, ClusterSite site, Invocation invocation) =>
        new(api, site.Namespace, site.Installation.Name, invocation.Time, invocation.Terminal.Say) { Keep = site.Site.Releases.Keep };

    private static void Print(Terminal terminal, ClusterSite site, ApiConnection api, ClusterStatus status)
    {
        if (!status.Found)
        {
            terminal.Say($"{site.Installation.Name} is not in namespace {site.Namespace} of {api.ClusterName}. Install it with: provost deploy");
            return;
        }
        terminal.Output.WriteLine($"{site.Installation.Name} {status.Release?.Version ?? "-"}  {site.Site.PublicUrl().AbsoluteUri.TrimEnd('/')}  {(status.IsHealthy ? "healthy" : "not healthy")}");
        foreach (var component in status.Components)
        {
            terminal.Output.WriteLine($"  {component.State}");
            foreach (var pod in component.Pods)
            {
                terminal.Output.WriteLine($"    {pod.Name,-28} {(pod.Ready ? "ready" : pod.Phase),-10} {pod.Restarts,3} restarts  {pod.Node}  {pod.Problem}".TrimEnd());
            }
        }
        if (status.Backup is { } backup)
        {
            terminal.Output.WriteLine($"  backup: {backup}");
        }
    }
}

/// <param name="Version">Of the images; that of provost.yaml, or of the tool, when null.</param>
/// <param name="Stores">Whether the stores are renewed too.</param>
/// <param name="Backup">Whether a backup is taken before anything changes.</param>
internal sealed record ClusterDeployOptions(string? Version, bool Stores, bool Backup);
