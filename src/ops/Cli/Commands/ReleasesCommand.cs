using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Releases;

namespace Provost.Cli.Commands;

/// <summary>provost releases: what is installed, and when each was brought live, by whom, for how long, with what result.</summary>
internal static class ReleasesCommand
{
    private const int StatisticsDays = 90;

    private static readonly Option<bool> Statistics = new("--statistics") { Description = $"Show how the deployments of the last {StatisticsDays} days went instead" };

    public static Command Create()
    {
        var command = new Command("releases", "Show the installed releases and when they went live") { Statistics };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            var history = new DeployHistory(loaded.State, invocation.Time).All;
            if (invocation.Parsed.GetValue(Statistics))
            {
                Print(invocation.Terminal, DeployStatistics.Of(history, invocation.Time.GetUtcNow(), StatisticsDays));
                return ExitCode.Success;
            }
            List<ReleaseAnswer> answers = [];
            foreach (var release in ReleaseFolder.Installed(loaded.State))
            {
                answers.Add(await AnswerAsync(invocation, loaded, release, history));
            }
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(answers, DeployJson.Plain.IReadOnlyListReleaseAnswer);
                return ExitCode.Success;
            }
            answers.ForEach(answer => Print(invocation.Terminal, answer));
            return ExitCode.Success;
        });
        return command;
    }

    public static async Task<ReleaseAnswer> AnswerAsync(Invocation invocation, LoadedInstallation loaded, string release, IReadOnlyList<DeployedRelease> history)
    {
        var manifest = await ReleaseManifest.OfAsync(loaded.State, release, invocation.Time, invocation.Cancellation);
        return new ReleaseAnswer(
            release, RunningSite.ReleaseOf(loaded.TargetSite()) == release, manifest.Created, manifest.CreatedBy, manifest.Schema.Minimum, manifest.Schema.Maximum, manifest.Artefacts,
            [.. history.Where(d => d.Release == release)]);
    }

    private static void Print(Terminal terminal, DeployStatistics figures)
    {
        if (terminal.Json)
        {
            terminal.Write(figures, DeployJson.Plain.DeployStatistics);
            return;
        }
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            deployments   {figures.Deployments} in {figures.Days} days, {figures.PerWeek:0.0} brought live in a week
            gone back     {figures.Rollbacks} rolled back, {figures.Returned} returned by themselves: {figures.FailureShare ?? 0:P0} of what was deployed
            duration      {figures.MedianSeconds ?? 0:0.0} s (median), {figures.LongestSeconds ?? 0:0.0} s (longest)
            """));
    }

    private static void Print(Terminal terminal, ReleaseAnswer answer)
    {
        terminal.Output.WriteLine($"{(answer.Live ? "*" : " ")} {answer.Release,-40} schema {answer.SchemaMinimum}-{answer.SchemaMaximum}");
        foreach (var deployed in answer.Deployments)
        {
            var at = deployed.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {at}  {deployed.Verb,-8} {deployed.Result,-9} {deployed.Seconds,6:0.0} s  {deployed.Who}"));
        }
    }
}
