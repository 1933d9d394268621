using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Up;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost up: builds what changed, starts everything, waits until it is ready.</summary>
internal static class UpCommand
{
    public const string ImagePrefix = "provost";

    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Return when everything is ready, instead of following the logs" };
    private static readonly Option<bool> NoDemo = new("--no-demo") { Description = "Leave out the demonstration course on the first start" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the steps and do nothing" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show everything that the tools behind the steps say" };

    public static Command Create()
    {
        var command = new Command("up", "Build what changed, start everything, wait until it is ready") { Detach, NoDemo, DryRun, Verbose };
        command.AddCluster();
        command.Does(invocation => invocation.IsOnKubernetes() ? RunOnKubernetesAsync(invocation) : RunAsync(invocation));
        return command;
    }

    private static async Task<ExitCode> RunOnKubernetesAsync(Invocation invocation)
    {
        if (!invocation.Parsed.GetValue(DryRun))
        {
            return await KubernetesVerbs.DeployAsync(invocation, new ClusterDeployOptions(null, Stores: false, Backup: false));
        }
        await PlanCommand.RunAsync(invocation, stores: false);
        return ExitCode.Success;
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var (terminal, start, loaded) = (invocation.Terminal, invocation.Time.GetTimestamp(), invocation.Load());
        if (invocation.Parsed.GetValue(DryRun))
        {
            return PlanPrinter.Print(terminal, loaded.Site.Target is Target.Compose
                ? (await ComposeUp.PlanAsync(ComposeRequest(invocation, loaded), invocation.Cancellation)).Plan
                : (await UpPlanner.PlanAsync(Request(invocation, loaded), invocation.Cancellation)).Plan);
        }
        var outcome = loaded.Site.Target is Target.Compose ? await StartContainersAsync(invocation, loaded) : await StartProcessesAsync(invocation, loaded);
        Report(terminal, loaded, outcome, invocation.Time.GetElapsedTime(start).TotalSeconds);
        return invocation.Parsed.GetValue(Detach) || terminal.Json ? ExitCode.Success : await FollowAsync(invocation, loaded);
    }

    private static UpRequest Request(Invocation invocation, LoadedInstallation loaded) => new(
        loaded.RequireProcesses().Installation, loaded.SiteName, loaded.State, Invocation.Checkout, ToolVersion.Short, Environment.ProcessPath!, !invocation.Parsed.GetValue(NoDemo))
    {
        Configuration = (loaded.Folder, loaded.File),
    };

    private static ComposeUpRequest ComposeRequest(Invocation invocation, LoadedInstallation loaded) =>
        new(loaded.TargetSite(), ToolVersion.Short, ImagePrefix, !invocation.Parsed.GetValue(NoDemo), loaded.Text);

    // Alone from the first look on: what the plan found must still be so when it is carried out.
    private static async Task<UpOutcome> StartProcessesAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var request = Request(invocation, loaded);
        using var alone = OperationLock.Take(request.State, "up", invocation.Time);
        using var building = await CheckoutLock.WaitAsync(request.Checkout, invocation.Terminal.Say, invocation.Time, invocation.Cancellation);
        var start = invocation.Time.GetTimestamp();
        await UpPlanner.WaitForStopAsync(request.State, invocation.Time, invocation.Terminal.Say, invocation.Cancellation);
        await Releasing.SettleAsync(invocation, loaded);
        var up = await UpPlanner.PlanAsync(request, invocation.Cancellation);
        await Runner(invocation).RunAsync(up.Plan, invocation.Cancellation);
        new DeployHistory(request.State, invocation.Time).NoteUp(up.Spec.Release, loaded.Text, invocation.Time.GetElapsedTime(start).TotalSeconds);
        var links = up.IsFirst && request.Demonstration ? await UpPlanner.DemonstrationLinksAsync(request.State, invocation.Cancellation) : [];
        return new UpOutcome(up.Spec.Release, up.Spec.PublicUrl, up.Spec.Certificate?.AuthorityFile, up.IsFirst, links);
    }

    private static async Task<UpOutcome> StartContainersAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var request = ComposeRequest(invocation, loaded);
        using var alone = OperationLock.Take(loaded.State, "up", invocation.Time);
        var start = invocation.Time.GetTimestamp();
        await Releasing.SettleAsync(invocation, loaded);
        var up = await ComposeUp.PlanAsync(request, invocation.Cancellation);
        await Runner(invocation).RunAsync(up.Plan, invocation.Cancellation);
        await Releasing.KeepAsync(invocation, loaded, up.Images);
        new DeployHistory(loaded.State, invocation.Time).NoteUp(up.Images.Release, loaded.Text, invocation.Time.GetElapsedTime(start).TotalSeconds);
        var target = new ComposeTarget(request.Site, invocation.Time);
        var links = await ComposeUp.FinishAsync(request, up, target, invocation.Cancellation);
        return new UpOutcome(up.Images.Release, await target.PublicUrlAsync(invocation.Cancellation), await target.SaveAuthorityAsync(invocation.Cancellation), up.IsFirst, links);
    }

    private static PlanRunner Runner(Invocation invocation) => new(invocation.Time, new PlanTalk(invocation.Terminal, invocation.Parsed.GetValue(Verbose)));

    private static void Report(Terminal terminal, LoadedInstallation loaded, UpOutcome up, double seconds)
    {
        if (terminal.Json)
        {
            var urls = new Dictionary<string, string> { ["web"] = up.PublicUrl };
            terminal.Write(new UpAnswer(loaded.Installation.Name, up.Release, urls, true, Math.Round(seconds, 1), up.Links, up.TrustCertificate), AnswerJson.Plain.UpAnswer);
            return;
        }
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Finished in {seconds:0.0} s. {loaded.Installation.Name} {up.Release} is ready."));
        terminal.Output.WriteLine(up.PublicUrl);
        if (up.TrustCertificate is not null)
        {
            terminal.Say($"Browsers must trust this certificate authority: {up.TrustCertificate}");
        }
        if (up.Links.Count > 0)
        {
            terminal.Say("Sign in to the demonstration (each link works once; a new one: provost user link NAME):");
            foreach (var link in up.Links)
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
        await foreach (var line in invocation.Target(loaded).LogsAsync(request, invocation.Cancellation))
        {
            LogsCommand.Write(terminal, line);
        }
        terminal.Say("Stopping (again Ctrl-C does not wait for the end of that).");
        using var alone = Alone.Take(invocation, loaded, "down", force: false);
        await new PlanRunner(invocation.Time, new PlanTalk(terminal, false)).RunAsync(invocation.Target(loaded).Stop(), CancellationToken.None);
        return ExitCode.Success;
    }
}

/// <param name="TrustCertificate">Certificate of the installation's own authority; null when there is none.</param>
internal sealed record UpOutcome(string Release, string PublicUrl, string? TrustCertificate, bool IsFirst, IReadOnlyList<SignIn> Links);
