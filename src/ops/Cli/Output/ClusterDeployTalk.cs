using System.Globalization;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;

namespace Provost.Cli.Output;

/// <summary>The end of a deployment to a cluster, as people and scripts read it.</summary>
internal static class ClusterDeployTalk
{
    public static ExitCode Write(Terminal terminal, ClusterSite site, ClusterOutcome outcome)
    {
        var answer = ClusterDeployAnswer.Of(site.Installation.Name, outcome);
        if (terminal.Json)
        {
            terminal.Write(answer, KubernetesJson.Plain.ClusterDeployAnswer);
        }
        else if (answer.RolledBack)
        {
            Returned(terminal, answer);
        }
        else
        {
            Done(terminal, site, answer);
        }
        foreach (var note in answer.Notes)
        {
            terminal.Say($"note: {note}");
        }
        return answer.RolledBack ? ExitCode.Returned : ExitCode.Success;
    }

    private static void Done(Terminal terminal, ClusterSite site, ClusterDeployAnswer answer)
    {
        foreach (var removed in answer.Removed)
        {
            terminal.Say($"removed {removed}");
        }
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Finished in {answer.DurationSeconds:0.0} s. {answer.Installation} {answer.Release} is ready (release {answer.Number})."));
        terminal.Output.WriteLine(site.Site.PublicUrl().AbsoluteUri.TrimEnd('/'));
        if (site.Site.Domain is null)
        {
            terminal.Say($"Reach it with: kubectl -n {site.Namespace} port-forward svc/gateway {site.Site.Http.Port}:80");
        }
    }

    private static void Returned(Terminal terminal, ClusterDeployAnswer answer)
    {
        terminal.Say($"error: {answer.Release} did not go live: {answer.Reason}");
        foreach (var line in answer.Details)
        {
            terminal.Say($"  {line}");
        }
        terminal.Say($"what to do: {answer.Remedy}");
        terminal.Output.WriteLine($"{answer.From} was brought back and serves.");
    }
}
