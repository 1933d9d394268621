using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;

namespace Provost.Cli.Commands;

/// <summary>provost maintenance: closes the platform for users with a proper page, and opens it again.</summary>
internal static class MaintenanceCommand
{
    private static readonly Option<string> Message = new("--message")
    {
        Description = "What users read",
        DefaultValueFactory = _ => "We are working on it and will be back soon. Nothing is lost.",
        HelpName = "TEXT",
    };

    private static readonly Option<int> RetryAfter = new("--retry-after") { Description = "Seconds after which programs shall try again", DefaultValueFactory = _ => 300, HelpName = "SECONDS" };

    private static readonly Option<bool> Force = Alone.Force();

    public static Command Create() => new("maintenance", "Close the platform for users with a proper page, or open it again") { On(), Off(), Status() };

    private static Command On()
    {
        var command = new Command("on", "Answer users with 503, a page and Retry-After; operators' tools still come through") { Message, RetryAfter, Force };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load().RequireMachine();
            var site = loaded.TargetSite();
            using var alone = Alone.Take(invocation, loaded, "maintenance on", invocation.Parsed.GetValue(Force));
            await MaintenanceMode.TurnOnAsync(site, new MaintenanceNote(invocation.Parsed.GetValue(Message)!, invocation.Parsed.GetValue(RetryAfter)), invocation.Cancellation);
            return Note(invocation, site.State, "maintenance on");
        });
        return command;
    }

    private static Command Off()
    {
        var command = new Command("off", "Serve users again") { Force };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load().RequireMachine();
            var site = loaded.TargetSite();
            using var alone = Alone.Take(invocation, loaded, "maintenance off", invocation.Parsed.GetValue(Force));
            await MaintenanceMode.TurnOffAsync(site, invocation.Cancellation);
            return Note(invocation, site.State, "maintenance off");
        });
        return command;
    }

    private static Command Status()
    {
        var command = new Command("status", "Show whether it is on");
        command.Does(invocation =>
        {
            Write(invocation, MaintenanceMode.Look(invocation.Load().RequireMachine().State));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static ExitCode Note(Invocation invocation, StateDirectory state, string verb)
    {
        Ledger.Of(state, invocation.Time).Append(new LedgerRecord(verb, invocation.Load().Installation.Name, "done", 0));
        Write(invocation, MaintenanceMode.Look(state));
        return ExitCode.Success;
    }

    private static void Write(Invocation invocation, MaintenanceNote? note)
    {
        if (invocation.Terminal.Json)
        {
            invocation.Terminal.Write(new MaintenanceAnswer(note is not null, note?.Message, note?.RetryAfterSeconds), OperationJson.Plain.MaintenanceAnswer);
            return;
        }
        invocation.Terminal.Output.WriteLine(note is null ? "off: users are served" : $"on: {note.Message}");
    }
}
