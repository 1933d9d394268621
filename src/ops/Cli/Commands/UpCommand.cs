using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Down;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Up;

namespace Provost.Cli.Commands;

/// <summary>provost up: builds what changed, starts everything, waits until it is ready.</summary>
internal static class UpCommand
{
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Return when everything is ready, instead of following the logs" };
    private static readonly Option<bool> NoDemo = new("--no-demo") { Description = "Leave out the demonstration course on the first start" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the steps and do nothing" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show everything that the tools behind the steps say" };

    public static Command Create()
    {
        var command = new Command("up", "Build what changed, start everything, wait until it is ready") { Detach, NoDemo, DryRun, Verbose };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var (terminal, start) = (invocation.Terminal, invocation.Time.GetTimestamp());
        var loaded = invocation.Load().RequireProcesses();
        var request = new UpRequest(
            loaded.Installation, loaded.SiteName, loaded.State, Invocation.Checkout, ToolVersion.Short, Environment.ProcessPath!, !invocation.Parsed.GetValue(NoDemo));
        if (invocation.Parsed.GetValue(DryRun))
        {
            return PlanPrinter.Print(terminal, (await UpPlanner.PlanAsync(request, invocation.Cancellation)).Plan);
        }
        var (up, links) = await StartAsync(invocation, request, loaded.Text);
        Report(terminal, loaded, up, links, invocation.Time.GetElapsedTime(start).TotalSeconds);
        return invocation.Parsed.GetValue(Detach) || terminal.Json ? ExitCode.Success : await FollowAsync(invocation, loaded);
    }

    // Alone from the first look on: what the plan found must still be so when it is carried out.
    private static async Task<(UpPlan Up, IReadOnlyList<SignIn> Links)> StartAsync(Invocation invocation, UpRequest request, string configuration)
    {
        using var alone = OperationLock.Take(request.State, "up", invocation.Time);
        using var building = await CheckoutLock.WaitAsync(request.Checkout, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
        var start = invocation.Time.GetTimestamp();
        await Releasing.SettleAsync(invocation, request.State);
        var up = await UpPlanner.PlanAsync(request, invocation.Cancellation);
        var runner = new PlanRunner(invocation.Time, new PlanTalk(invocation.Terminal, invocation.Parsed.GetValue(Verbose)));
        await runner.RunAsync(up.Plan, invocation.Cancellation);
        new DeployHistory(request.State, invocation.Time).NoteUp(up.Spec.Release, configuration, invocation.Time.GetElapsedTime(start).TotalSeconds);
        return (up, up.IsFirst && request.Demonstration ? await UpPlanner.DemonstrationLinksAsync(request.State, invocation.Cancellation) : []);
    }

    private static void Report(Terminal terminal, LoadedInstallation loaded, UpPlan up, IReadOnlyList<SignIn> links, double seconds)
    {
        var trust = up.Spec.Certificate?.AuthorityFile;
        if (terminal.Json)
        {
            var urls = new Dictionary<string, string> { ["web"] = up.Spec.PublicUrl };
            terminal.Write(new UpAnswer(loaded.Installation.Name, up.Spec.Release, urls, true, Math.Round(seconds, 1), links, trust), AnswerJson.Plain.UpAnswer);
            return;
        }
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Finished in {seconds:0.0} s. {loaded.Installation.Name} {up.Spec.Release} is ready."));
        terminal.Output.WriteLine(up.Spec.PublicUrl);
        if (trust is not null)
        {
            terminal.Say($"Browsers must trust this certificate authority: {trust}");
        }
        if (links.Count > 0)
        {
            terminal.Say("Sign in to the demonstration (each link works once; a new one: provost user link NAME):");
            foreach (var link in links)
            {
                terminal.Output.WriteLine($"  {link.User,-10} {link.SignInUrl}");
            }
        }
        else if (up.IsFirst)
        {
            terminal.Say("Next: provost user add NAME --role admin, provost import FILE --course NAME");
        }
    }

    // In the foreground the installation lives as long as the command.
    private static async Task<ExitCode> FollowAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var terminal = invocation.Terminal;
        terminal.Say("Following the logs; Ctrl-C stops everything. (provost up -d returns instead.)");
        var request = new LogRequest([], invocation.Time.GetUtcNow(), null, Follow: true);
        await foreach (var line in new LogReader(loaded.State, invocation.Time).ReadAsync(request, invocation.Cancellation))
        {
            LogsCommand.Write(terminal, line);
        }
        terminal.Say("Stopping (again Ctrl-C leaves it running).");
        await new PlanRunner(invocation.Time, new PlanTalk(terminal, false)).RunAsync(DownPlanner.Plan(loaded.State), CancellationToken.None);
        return ExitCode.Success;
    }
}
