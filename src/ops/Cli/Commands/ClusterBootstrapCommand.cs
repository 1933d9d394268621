using System.CommandLine;
using Provost.Runbooks.Targets.Kubernetes.Bootstrap;

namespace Provost.Cli.Commands;

/// <summary>provost cluster bootstrap: whether a cluster has what the site needs, and how to add what it lacks.</summary>
internal static class ClusterBootstrapCommand
{
    public static Command Create()
    {
        var command = new Command("bootstrap", "Look whether the cluster has what the site needs, and say how to add what is missing; nothing is changed. Exit 0: it has, 5: something is missing");
        command.AddCluster();
        command.Does(async invocation =>
        {
            using var api = invocation.Connect();
            return DoctorCommand.Report(invocation.Terminal, await new BootstrapRunbook(api, invocation.ClusterSite()).ExamineAsync(invocation.Cancellation));
        });
        return command;
    }
}
