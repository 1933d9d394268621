using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Drills;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost drill restore, failover and report: rehearses the worst days, and shows the evidence.</summary>
internal static class DrillRecoveryCommands
{
    private static readonly Option<string?> Backup = new("--backup") { Description = "Rehearse with this backup (default: one that is made first)", HelpName = "ID" };

    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write the page to this file instead of standard output", HelpName = "FILE" };

    public static Command Restore()
    {
        var command = new Command("restore", "With a recovery kit and a repository alone: restore to an empty folder, start, sign in, measure; then remove it") { Backup, RecoveryKitCommand.Kit };
        command.DoesAtStores(async (invocation, site) =>
        {
            var (terminal, parsed) = (invocation.Terminal, invocation.Parsed);
            var request = new RestoreDrillRequest(site, parsed.GetValue(Backup), RecoveryKitCommand.Given(invocation), Environment.ProcessPath!);
            var result = await new RestoreDrill(request, invocation.Time, terminal.Say).RunAsync(invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(result, BackupJson.Plain.RestoreDrillResult);
            }
            else
            {
                Print(terminal, result);
            }
            return result.Passed ? ExitCode.Success : ExitCode.Failed;
        }, new StoresRequest(p => p.GetValue(RecoveryKitCommand.Kit)));
        return command;
    }

    private static void Print(Terminal terminal, RestoreDrillResult result)
    {
        foreach (var phase in result.Phases)
        {
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {phase.Name,-10} {phase.Seconds,8:0.00} s"));
        }
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(result.Passed ? "passed" : "FAILED")}: recovered {result.Backup} in {result.RtoSeconds:0.0} s (target {result.RtoTargetSeconds:0} s), {result.LostWrites?.ToString(CultureInfo.InvariantCulture) ?? "uncounted"} acknowledged writes lost{(result.Problem is null ? "" : $": {result.Problem}")}"));
    }

    public static Command Failover()
    {
        var command = new Command("failover", "Kill every process of every service and store, and the agent, in turn while somebody reads and writes");
        command.Does(async invocation =>
        {
            var (terminal, site) = (invocation.Terminal, invocation.Load().RequireProcesses().BackupSite());
            using var alone = OperationLock.Take(site.State, "drill failover", invocation.Time);
            var result = await new FailoverDrill(site, Environment.ProcessPath!, invocation.Time, terminal.Say).RunAsync(invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(result, BackupJson.Plain.FailoverDrillResult);
            }
            else
            {
                terminal.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(result.Passed ? "passed" : "FAILED")}: {result.Rounds.Count} processes killed, ready again after {result.LongestRecoverySeconds:0.0} s at most, {result.LostWrites?.ToString(CultureInfo.InvariantCulture) ?? "uncounted"} of {result.AcknowledgedWrites} acknowledged writes lost, {result.FailedReads} reads failed{(result.Problem is null ? "" : $": {result.Problem}")}"));
            }
            return result.Passed ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }

    public static Command Report()
    {
        var command = new Command("report", "The evidence of backups and drills as a page for an auditor (Markdown)") { Out };
        command.DoesAtStores((invocation, site) =>
        {
            var terminal = invocation.Terminal;
            if (AtStores.Placement is not null && invocation.Parsed.GetValue(Out) is not null)
            {
                throw new OperationError(ErrorKind.Refused, "--out names a file of this machine, and the page is made in the site's backup container", "provost drill report > FILE");
            }
            var page = DrillReport.Render(site, invocation.Time);
            if (invocation.Parsed.GetValue(Out) is { } file)
            {
                File.WriteAllText(file.FullName, page);
                terminal.Say(file.FullName);
            }
            if (terminal.Json)
            {
                terminal.Write(new ReportAnswer(page), BackupJson.Plain.ReportAnswer);
            }
            else if (invocation.Parsed.GetValue(Out) is null)
            {
                terminal.Output.Write(page);
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
