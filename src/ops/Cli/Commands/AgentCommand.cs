using System.CommandLine;
using Provost.Agent;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Rendering.Process;

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
        return new Command("agent", "The supervisor") { run, Backups() }.Hide();
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

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
