using System.CommandLine;

namespace Provost.Cli.Commands;

/// <summary>provost render TARGET: the installation as files that work without this tool.</summary>
internal static class RenderCommand
{
    public static Option<DirectoryInfo> Output { get; } = new("--output", "-o") { Description = "Where the files go", HelpName = "DIR", Required = true };

    public static Command Create() => new("render", "Write the installation as files that work without this tool") { RenderComposeCommand.Create(), RenderKubernetesCommand.Create() };
}
