using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Drills.Deploy;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Releases;

namespace Provost.Cli.Commands;

/// <summary>provost drill deploy: replaces everything under load and counts what users would notice.</summary>
internal static class DrillDeployCommand
{
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Deployments; every fourth is followed by a rollback, new gateways and a killed agent", DefaultValueFactory = _ => 4, HelpName = "N" };
    private static readonly Option<int> Clients = new("--clients") { Description = "Clients that read and open pages", DefaultValueFactory = _ => 8, HelpName = "N" };
    private static readonly Option<int> Rate = new("--rate") { Description = "Requests that they make together in a second", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<int> Sessions = new("--sessions") { Description = "Live connections that are held open", DefaultValueFactory = _ => 50, HelpName = "N" };
    private static readonly Option<string?> Between = new("--between") { Description = "Roll between what is live and this release (default: the same release, renewed)", HelpName = "VERSION" };
    private static readonly Option<bool> WithoutDraining = new("--without-draining") { Description = "Kill old replicas instead: shows that the drill sees failure. Users notice" };

    public static Command Create()
    {
        var command = new Command("deploy", "Roll forward and back, swap gateways, kill the agent, all under load; exit 0 only when nobody noticed")
        {
            Rounds, Clients, Rate, Sessions, Between, WithoutDraining,
        };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var (parsed, loaded) = (invocation.Parsed, invocation.Load().RequireMachine());
        using var alone = OperationLock.Take(loaded.State, "drill deploy", invocation.Time);
        await Releasing.SettleAsync(invocation, loaded);
        await using var running = await RunningSite.ReadAsync(loaded.TargetSite(), invocation.Cancellation);
        var live = running.Release;
        string[] releases = parsed.GetValue(Between) is { } other ? [live, ReleaseFolder.Find(loaded.State, other)] : [live];
        var rolls = releases.Select(r => new DeployRequest("drill", loaded.Installation, loaded.SiteName, loaded.Text, loaded.State, r, Environment.ProcessPath!) { Drain = !parsed.GetValue(WithoutDraining) });
        var request = new DeployDrillRequest([.. rolls], running.Door, parsed.GetValue(Rounds), parsed.GetValue(Clients), parsed.GetValue(Rate), parsed.GetValue(Sessions));
        var figures = await new DeployDrill(request, new PlanTalk(invocation.Terminal, false), invocation.Time).RunAsync(invocation.Cancellation);
        Ledger.Of(loaded.State, invocation.Time).Append(new LedgerRecord(
            "drill deploy", live, figures.Passed ? "passed" : "failed", figures.DurationSeconds, JsonSerializer.SerializeToNode(figures, DeployJson.Plain.DrillFigures) as JsonObject));
        Write(invocation.Terminal, figures);
        return figures.Passed ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Write(Terminal terminal, DrillFigures figures)
    {
        if (terminal.Json)
        {
            terminal.Write(figures, DeployJson.Plain.DrillFigures);
            return;
        }
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {figures.Rolls} rolls, {figures.Rollbacks} rollbacks, {figures.GatewaySwaps} gateway swaps, {figures.AgentRestarts} agents killed in {figures.DurationSeconds:0} s
            requests   {figures.Sent} sent, {figures.Failed} failed, {figures.Lost} lost, {figures.Duplicated} done twice, longest wait {figures.LongestGapMs:0} ms
            live       {figures.Sessions} sessions, moved {figures.SessionsMoved} times, cut {figures.SessionsCut} times; {figures.Messages} messages, {figures.MessagesMissed} missed, {figures.MessagesRepeated} repeated
            files      {figures.AssetErrors} missing
            {(figures.Passed ? "passed: nobody noticed" : "FAILED")}
            """));
        foreach (var problem in figures.Problems)
        {
            terminal.Say($"  {problem}");
        }
    }
}
