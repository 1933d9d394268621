using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Ledgers;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Tests.Deploy;

public sealed partial class DeployMetricsTests : IDisposable
{
    private static readonly DateTimeOffset Began = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly TemporaryState temporary = new();
    private readonly FakeTimeProvider time = new(Began);

    private Dictionary<string, double> Figures => File.ReadAllLines(Path.Combine(temporary.State.Root, DeployMetrics.Folder, DeployMetrics.Name)).Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => double.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void They_say_how_the_last_deployment_and_the_last_drill_went()
    {
        var ledger = Ledger.Of(temporary.State, time);
        ledger.Append(new LedgerRecord("deploy", "0.1.0+a", "done", 30));
        ledger.Append(new LedgerRecord("drill deploy", "0.1.0+a", "passed", 60));
        time.Advance(TimeSpan.FromHours(1));
        ledger.Append(new LedgerRecord("drill deploy", "0.1.0+a", "failed", 60));
        ledger.Append(new LedgerRecord("deploy", "0.2.0+b", "returned", 41.5));
        DeployMetrics.End(temporary.State, time);

        Assert.Equal(Began.AddHours(1).ToUnixTimeSeconds(), Figures["provost_deployment_timestamp_seconds"]);
        Assert.Equal((1, 41.5), (Figures["provost_deployment_returned"], Figures["provost_deployment_duration_seconds"]));
        Assert.Equal((2, 1), (Figures["provost_deployments_total"], Figures["provost_deployments_returned_total"]));
        Assert.Equal((1, Began.ToUnixTimeSeconds()), (Figures["provost_drill_deploy_failed"], Figures["provost_drill_deploy_passed_timestamp_seconds"]));
    }

    [Fact]
    public void What_was_broken_off_is_still_under_way_for_them()
    {
        DeployMetrics.Begin(temporary.State, time);
        Assert.Equal(Began.ToUnixTimeSeconds(), Figures["provost_deployment_running_since_timestamp_seconds"]);

        DeployMetrics.End(temporary.State, time);
        Assert.Equal(0, Figures["provost_deployment_running_since_timestamp_seconds"]);
    }

    [Fact]
    public void Every_alert_asks_for_figures_that_are_written_and_names_a_part_of_the_runbook()
    {
        DeployMetrics.End(temporary.State, time);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deployments.rules.yaml"))));
        var rules = ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"][0]["rules"]).Children;
        var parts = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "deployments.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].ToLowerInvariant().Replace(' ', '-')).ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            var asked = Figure().Matches(rule["expr"].ToString()).Select(m => m.Value).ToList();
            Assert.NotEmpty(asked);
            Assert.Subset(Figures.Keys.ToHashSet(), asked.ToHashSet());
            Assert.Contains(rule["annotations"]["runbook"].ToString().Split('#')[1], parts);
        });
    }

    [GeneratedRegex("provost_[a-z_]+")]
    private static partial Regex Figure();
}
