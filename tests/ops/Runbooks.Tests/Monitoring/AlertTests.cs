using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes.Schedules;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Tests.Monitoring;

/// <summary>An alert on a figure that nobody writes would never fire.</summary>
public sealed partial class AlertTests
{
    [Fact]
    public void Every_alert_asks_for_figures_that_a_backup_leaves_and_says_what_to_do()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "backups.rules.yaml"))));
        var rules = ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"][0]["rules"]).Children;
        var written = Figures().ToHashSet();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            var asked = Figure().Matches(rule["expr"].ToString()).Select(m => m.Value).ToList();
            Assert.NotEmpty(asked);
            Assert.Subset(written, asked.ToHashSet());
            Assert.NotEmpty(rule["annotations"]["runbook"].ToString());
            Assert.NotEmpty(rule["labels"]["severity"].ToString());
        });
    }

    [Fact]
    public void Every_scheduled_job_that_is_watched_in_a_cluster_is_rendered()
    {
        var watched = CronJob().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kubernetes.rules.yaml"))).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(watched);
        Assert.Subset(BackupJobs.All.Select(job => job.Name).ToHashSet(), watched);
    }

    [Theory]
    [InlineData("backups")]
    [InlineData("deployments")]
    [InlineData("kubernetes")]
    public async Task Each_trouble_raises_its_alert_and_no_other(string rules)
    {
        var promtool = Shell.Find("promtool");
        Assert.SkipUnless(promtool is not null, "promtool (Debian: apt-get install prometheus) is not on this machine");

        var (exitCode, lines) = await Shell.RunAsync(
            new Command(promtool, ["test", "rules", $"{rules}.rules.test.yaml"], AppContext.BaseDirectory), null, TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, string.Join('\n', lines));
    }

    private static IEnumerable<string> Figures()
    {
        var folder = Directory.CreateTempSubdirectory("provost-alerts-").FullName;
        var site = new BackupSite(new Installation(), "local", new StateDirectory(folder), folder, null, null);
        BackupNotes.Change(site, notes => notes);
        var lines = File.ReadAllLines(Path.Combine(site.WorkDirectory, "metrics.prom"));
        Directory.Delete(folder, recursive: true);
        return lines.Where(line => !line.StartsWith('#')).Select(line => line.Split('{')[0]);
    }

    [GeneratedRegex("provost_[a-z_]+")]
    private static partial Regex Figure();

    [GeneratedRegex("cronjob=\"([a-z]+)\"")]
    private static partial Regex CronJob();
}
