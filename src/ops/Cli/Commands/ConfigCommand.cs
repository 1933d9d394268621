using System.CommandLine;
using Provost.Cli.Output;
using Provost.Topology.Reference;

namespace Provost.Cli.Commands;

/// <summary>provost config print|validate|schema: the installation as the tool understands it.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "The installation as the tool understands it") { Print(), Validate(), Schema() };

    private static Command Print()
    {
        var command = new Command("print", "Print every key with its value, defaults included");
        command.Does(invocation =>
        {
            var installation = invocation.Load().Installation;
            invocation.Terminal.Output.Write(invocation.Terminal.Json ? ConfigurationPage.Json(installation) + "\n" : ConfigurationPage.Yaml(installation));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Command Validate()
    {
        var command = new Command("validate", "Check provost.yaml; every problem is shown with its line and remedy");
        command.Does(invocation =>
        {
            var file = invocation.Load().File;
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new ValidAnswer(file ?? "", true), AnswerJson.Plain.ValidAnswer);
            }
            else
            {
                invocation.Terminal.Say(file is null ? "There is no provost.yaml: every default holds." : $"{file} is good.");
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Print the JSON schema of provost.yaml, for editors");
        command.Does(invocation =>
        {
            invocation.Terminal.Output.Write(JsonSchema.Text());
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
