using System.CommandLine;
using Provost.Cli.Output;
using Provost.Rendering.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes;

namespace Provost.Cli.Commands;

/// <summary>provost render kubernetes: a tree with which `kubectl apply -k` installs the platform.</summary>
internal static class RenderKubernetesCommand
{
    public static Command Create()
    {
        var command = new Command("kubernetes", "Write the tree that kubectl apply -k takes; the same input gives the same bytes") { RenderCommand.Output };
        command.AddImages();
        command.Does(invocation =>
        {
            var (terminal, folder) = (invocation.Terminal, invocation.Parsed.GetRequiredValue(RenderCommand.Output).FullName);
            var files = KubernetesRenderer.Tree(invocation.ClusterSite());
            var changed = ManifestFolder.Write(folder, files);
            if (terminal.Json)
            {
                terminal.Write(new ManifestsAnswer(folder, [.. files.Select(file => file.Path)], changed), KubernetesJson.Plain.ManifestsAnswer);
                return Task.FromResult(ExitCode.Success);
            }
            terminal.Say($"{files.Count} files in {folder}, {changed.Count} of them changed. Install or update with:");
            terminal.Output.WriteLine($"kubectl apply -k {folder}");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
