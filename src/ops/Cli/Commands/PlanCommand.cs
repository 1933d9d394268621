using System.CommandLine;
using Provost.Cli.Output;
using Provost.Rendering.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;

namespace Provost.Cli.Commands;

/// <summary>provost plan: what a deployment would change on a Kubernetes site; exit 0 for nothing, 2 for something.</summary>
internal static class PlanCommand
{
    public const string Name = "plan";

    /// <summary>Scripts tell three things apart: nothing to do, changes, no answer.</summary>
    public const ExitCode Errors = ExitCode.Failed;

    private static readonly Option<bool> Stores = new("--stores") { Description = "As `deploy --stores` would: the stores are renewed too" };

    public static Command Create()
    {
        var command = new Command(Name, "Show what a deployment would change on a Kubernetes site, secrets masked; exit 0: nothing, 2: something, 1: any error") { Stores };
        command.AddCluster();
        command.AddImages();
        command.Does(async invocation => await RunAsync(invocation, invocation.Parsed.GetValue(Stores)) ? ExitCode.Changes : ExitCode.Success, Errors);
        return command;
    }

    /// <returns>Whether anything would change.</returns>
    public static async Task<bool> RunAsync(Invocation invocation, bool stores)
    {
        var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
        using var api = invocation.Connect();
        var plan = new ClusterPlan(api, KubernetesVerbs.Book(api, site, invocation));
        var changes = await plan.ReadAsync(KubernetesRenderer.Manifests(site), stores, invocation.Cancellation);
        if (terminal.Json)
        {
            terminal.Write(new ClusterPlanAnswer(site.Installation.Name, site.Version, changes), KubernetesJson.Plain.ClusterPlanAnswer);
        }
        else
        {
            Print(terminal, changes);
        }
        return changes.Count > 0;
    }

    private static void Print(Terminal terminal, IReadOnlyList<ObjectChange> changes)
    {
        foreach (var change in changes)
        {
            terminal.Output.WriteLine($"{change.Action} {change.Kind} {change.Name}");
            foreach (var field in change.Fields)
            {
                terminal.Output.WriteLine(field.Before is null ? $"  + {field.Path}: {field.After}" : field.After is null ? $"  - {field.Path}: {field.Before}" : $"  ~ {field.Path}: {field.Before} -> {field.After}");
            }
        }
        terminal.Say(changes.Count == 0 ? "Nothing to do." : $"{changes.Count} objects would change. Bring it live with: provost deploy");
    }
}
