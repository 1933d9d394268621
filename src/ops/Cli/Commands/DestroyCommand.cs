using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Plans;

namespace Provost.Cli.Commands;

/// <summary>provost destroy: stops everything and removes the data, after the installation's name was typed.</summary>
internal static class DestroyCommand
{
    private static readonly Option<string?> Yes = new("--yes") { Description = "The installation's name, for scripts", HelpName = "NAME" };
    private static readonly Option<bool> Force = Alone.Force();

    public static Command Create()
    {
        var command = new Command("destroy", "Stop everything and remove all data") { Yes, Force };
        command.AddCluster();
        command.Does(async invocation =>
        {
            if (invocation.IsOnKubernetes())
            {
                return await KubernetesVerbs.DestroyAsync(invocation, invocation.Parsed.GetValue(Yes));
            }
            var (terminal, loaded) = (invocation.Terminal, invocation.Load());
            var name = loaded.Installation.Name;
            if (!loaded.State.Exists)
            {
                throw new OperationError(ErrorKind.NotRunning, $"there is nothing at {loaded.State.Root}", "check --config; provost up starts a new installation");
            }
            if (Confirmed(invocation, name) != name)
            {
                throw new OperationError(ErrorKind.Refused, $"nothing was removed: the name of the installation is \"{name}\"", $"type it, or pass --yes {name}");
            }
            using var alone = Alone.Take(invocation, loaded, "destroy", invocation.Parsed.GetValue(Force));
            await new PlanRunner(invocation.Time, new PlanTalk(terminal, false)).RunAsync(invocation.Target(loaded).Destroy(), invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(new DoneAnswer(name, "destroyed"), AnswerJson.Plain.DoneAnswer);
            }
            return ExitCode.Success;

            string? Confirmed(Invocation asked, string expected)
            {
                if (asked.Parsed.GetValue(Yes) is { } typed || !terminal.IsInteractive)
                {
                    return asked.Parsed.GetValue(Yes);
                }
                var registry = RegistryContainer.FolderOf(loaded.TargetSite()) is { } folder ? $", and the registry in {folder} with all images" : "";
                terminal.Talk.Write($"This removes {loaded.State.Root} with all courses, accounts and keys{registry}. Type the installation's name ({expected}) to go on: ");
                return terminal.Input.ReadLine()?.Trim();
            }
        });
        return command;
    }
}
