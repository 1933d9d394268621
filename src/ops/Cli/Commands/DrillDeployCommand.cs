using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Drills.Deploy;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost drill deploy: replaces everything under load and counts what users would notice.</summary>
internal static class DrillDeployCommand
{
    // Pages with their files, changes, streams and live connections come on top of what reads.
    private const double MostOfLimit = 0.8;

    private static readonly Option<int> Rounds = Number("--rounds", 4, 1, "Deployments; every fourth is followed by a rollback, new gateways and a killed agent");
    private static readonly Option<int> Clients = Number("--clients", 8, 1, "Clients that read and open pages");
    private static readonly Option<int> Rate = Number("--rate", 60, 1, "Requests that they make together in a second");
    private static readonly Option<int> Sessions = Number("--sessions", 50, 1, "Live connections that are held open");
    private static readonly Option<int> Requests = Number("--requests", 0, 0, "Go on after the rounds until so many requests were sent");
    private static readonly Option<string?> Between = new("--between") { Description = "Roll between what is live and this release (default: what was live before; the same, renewed, where nothing was)", HelpName = "VERSION" };
    private static readonly Option<bool> WithoutDraining = new("--without-draining") { Description = "Kill old replicas instead: shows that the drill sees failure. Users notice" };

    public static Command Create()
    {
        var command = new Command("deploy", "Roll forward and back, swap gateways, kill the agent, all under load; exit 0 only when nobody noticed")
        {
            Rounds, Clients, Rate, Sessions, Requests, Between, WithoutDraining,
        };
        command.Does(RunAsync);
        return command;
    }

    private static Option<int> Number(string name, int usual, int least, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
        option.Validators.Add(given =>
        {
            // What is no number at all is refused by the parser.
            if (given.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number < least)
            {
                given.AddError($"{name} is {number}: give {least} or more");
            }
        });
        return option;
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var loaded = invocation.Load().RequireMachine();
        using var alone = OperationLock.Take(loaded.State, "drill deploy", invocation.Time);
        await Releasing.SettleAsync(invocation, loaded);
        await using var running = await RunningSite.ReadAsync(loaded.TargetSite(), invocation.Cancellation);
        var request = Describe(invocation, loaded, running);
        var figures = await RunAsync(invocation, loaded.State, request);
        Write(invocation.Terminal, figures);
        return figures.Passed ? ExitCode.Success : invocation.Cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Failed;
    }

    // Whatever comes of it is kept in the ledger.
    private static async Task<DrillFigures> RunAsync(Invocation invocation, StateDirectory state, DeployDrillRequest request)
    {
        var (ledger, live) = (Ledger.Of(state, invocation.Time), request.Rolls[0].Release);
        try
        {
            var figures = await new DeployDrill(request, new PlanTalk(invocation.Terminal, false), invocation.Time).RunAsync(invocation.Cancellation);
            ledger.Append(new LedgerRecord(
                "drill deploy", live, figures.Passed ? "passed" : "failed", figures.DurationSeconds, JsonSerializer.SerializeToNode(figures, DeployJson.Plain.DrillFigures) as JsonObject));
            return figures;
        }
        catch (Exception e)
        {
            ledger.Append(new LedgerRecord("drill deploy", live, "failed", 0, new JsonObject { ["reason"] = e.Message }));
            throw;
        }
        finally
        {
            DeployMetrics.End(state, invocation.Time);
        }
    }

    private static DeployDrillRequest Describe(Invocation invocation, LoadedInstallation loaded, RunningSite running)
    {
        var parsed = invocation.Parsed;
        var other = parsed.GetValue(Between) is { } named ? ReleaseFolder.Find(loaded.State, named) : new DeployHistory(loaded.State, invocation.Time).EarlierThan(running.Release);
        string[] releases = other is null ? [running.Release] : [running.Release, other];
        var rolls = releases.Select(r => new DeployRequest("drill", loaded.Installation, loaded.SiteName, loaded.Text, loaded.State, r, Environment.ProcessPath!) { Drain = !parsed.GetValue(WithoutDraining) });
        var load = new DrillLoad(parsed.GetValue(Rounds), parsed.GetValue(Clients), parsed.GetValue(Rate), parsed.GetValue(Sessions), parsed.GetValue(Requests));
        RequireRate(loaded, load);
        return new DeployDrillRequest([.. rolls], running.Door, load);
    }

    // Containers see the drill come from an address of the engine's, which the gateway limits as it limits everybody's.
    private static void RequireRate(LoadedInstallation loaded, DrillLoad load)
    {
        var perSecond = loaded.Site.Services.Gateway.RequestsPerMinute / 60;
        if (loaded.Site.Target is Target.Compose && perSecond > 0 && load.RequestsPerSecond > perSecond * MostOfLimit)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the gateway lets one address make {perSecond} requests in a second, and in containers the drill is one address: {load.RequestsPerSecond} would be refused",
                string.Create(CultureInfo.InvariantCulture, $"--rate {perSecond * MostOfLimit:0}, or raise services.gateway.requestsPerMinute"));
        }
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
            requests   {figures.Sent} sent, {figures.Failed} failed, {figures.Lost} lost, {figures.Duplicated} done twice
            waits      99 of 100 within {figures.WaitP99Ms} ms, the longest {figures.LongestWaitMs:0} ms: {figures.LongestWaitAt}; nobody was answered for {figures.LongestGapMs:0} ms at most
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
