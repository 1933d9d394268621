using System.CommandLine;

namespace Provost.Cli.Commands;

/// <summary>provost cluster: what a Kubernetes cluster needs beside the site itself.</summary>
internal static class ClusterCommand
{
    public static Command Create() => new("cluster", "What a Kubernetes cluster needs beside the site itself") { ClusterBootstrapCommand.Create(), ClusterSecretsCommand.Create() };
}
