using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Provost.Cli.Commands;
using Provost.Cli.Output;

namespace Provost.Cli;

/// <summary>The command with all its verbs.</summary>
internal static class Root
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs a learning-analytics platform: one description, every target.")
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
            OpenCommand.Create(),
            RestartCommand.Create(),
            DeployCommand.Create(),
            RollbackCommand.Create(),
            ReleaseCommand.Create(),
            ReleasesCommand.Create(),
            SmokeCommand.Create(),
            MaintenanceCommand.Create(),
            DrillCommand.Create(),
            DoctorCommand.Create(),
            LedgerCommand.Create(),
            LockCommand.Create(),
            ImportCommand.Create(),
            UserCommand.Create(),
            ConfigCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RestoreStepCommand.Create(),
            RecoveryKitCommand.Create(),
            BacktestCommand.Create(),
            DestroyCommand.Create(),
            VersionCommand.Create(),
            ImagesCommand.Create(),
            RenderCommand.Create(),
            SecretsCommand.Create(),
            PlanCommand.Create(),
            ClusterCommand.Create(),
            CompletionCommand.Create(),
            AgentCommand.Create(),
        };
        AddOptions(root);
        return root;
    }

    private static void AddOptions(RootCommand root)
    {
        root.Options.Add(Verb.Config);
        root.Options.Add(Verb.Site);
        root.Options.Add(Verb.Json);
        foreach (var option in root.Options)
        {
            if (option is HelpOption)
            {
                option.Action = new Help();
            }
        }
    }

    /// <summary>Help and what else needs no waiting is answered without the machinery for that, which costs its start-up time.</summary>
    public static int Run(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return (int)ErrorReport.Usage(Terminal.Of(args.Contains(Verb.Json.Name)), [.. parsed.Errors.Select(e => e.Message.TrimEnd('.'))],
                parsed.CommandResult.Command.Name == PlanCommand.Name ? PlanCommand.Errors : null);
        }
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return parsed.Action is SynchronousCommandLineAction ? parsed.Invoke(configuration) : parsed.InvokeAsync(configuration).GetAwaiter().GetResult();
    }

    private sealed class Help : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            new HelpPage(parseResult.InvocationConfiguration.Output, Terminal.Width).Write(parseResult.CommandResult.Command);
            return 0;
        }
    }
}
