using System.CommandLine;
using Provost.Cli.Output;
using Provost.Rendering.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;

namespace Provost.Cli.Commands;

/// <summary>provost plan: what a deployment would change on a Kubernetes site; exit 0 for nothing, 2 for something.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "Show what a deployment would change on a Kubernetes site, secrets masked; exit 2 when something would");
        command.AddCluster();
        command.AddImages();
        command.Does(async invocation =>
        {
            var (terminal, site) = (invocation.Terminal, invocation.ClusterSite());
            using var api = invocation.Connect();
            var plan = new ClusterPlan(api, KubernetesVerbs.Book(api, site, invocation));
            var changes = await plan.ReadAsync(KubernetesRenderer.Manifests(site), invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(new ClusterPlanAnswer(site.Installation.Name, site.Version, changes), KubernetesJson.Plain.ClusterPlanAnswer);
            }
            else
            {
                Print(terminal, changes);
            }
            return changes.Count == 0 ? ExitCode.Success : ExitCode.Changes;
        });
        return command;
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
