using System.CommandLine;
using Provost.Agent;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Rendering.Process;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Compose;

namespace Provost.Cli.Commands;

/// <summary>provost agent run: the supervisor itself. Started by `up`; hidden from help.</summary>
internal static class AgentCommand
{
    private static readonly Option<string> State = new("--state") { Description = "State directory", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var run = new Command("run", "Run the agent of a state directory") { State };
        run.Does(async invocation =>
        {
            await AgentHost.RunAsync(invocation.Parsed.GetRequiredValue(State), invocation.Time, invocation.Cancellation);
            return ExitCode.Success;
        });
        return new Command("agent", "The supervisor") { run, Backups(), Healthcheck() }.Hide();
    }

    // What the backup container of a site runs.
    private static Command Backups()
    {
        var command = new Command("backups", "Run the schedule of backups, verification and rehearsal");
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            var (site, schedule) = (loaded.BackupSite(), loaded.Site.Backup.Schedule);
            var spec = new ScheduleSpec(site.State.Root, site.Folder, site.File, site.SiteName, schedule.Enabled, schedule.Daily, schedule.Drill.TotalSeconds);
            invocation.Terminal.Say(spec.Enabled ? $"backups are made each day at {spec.Daily} UTC" : "the schedule of backups is off");
            await BackupAgent.RunAsync(spec, site.Platform, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    // What the engine asks in the containers that run schedules.
    private static Command Healthcheck()
    {
        var command = new Command("healthcheck", "Say whether the schedule of this container is alive");
        command.Does(invocation =>
        {
            var problem = new Heartbeat(Heartbeat.DefaultFile, invocation.Time).Problem();
            return problem is null ? Task.FromResult(ExitCode.Success) : throw new OperationError(ErrorKind.NotReady, problem, "provost logs says what it did last; provost restart starts it anew");
        });
        return command;
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
