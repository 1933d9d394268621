using System.Globalization;
using System.Text;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// What the ledger says of deployments and their drills, for the textfile collector of Prometheus' node exporter. The alerts on it
/// are in deploy/monitoring/deployments.rules.yaml.
/// </summary>
public static class DeployMetrics
{
    /// <summary>Of the state directory.</summary>
    public const string Folder = "deployments";

    public const string Name = "metrics.prom";

    /// <summary>A deployment is under way from now on. One that is killed leaves that there: it is what the alert is for.</summary>
    public static void Begin(StateDirectory state, TimeProvider time) => Write(state, time, time.GetUtcNow());

    public static void End(StateDirectory state, TimeProvider time) => Write(state, time, null);

    private static void Write(StateDirectory state, TimeProvider time, DateTimeOffset? since)
    {
        try
        {
            var folder = Path.Combine(state.Root, Folder);
            PrivateFiles.CreateDirectory(folder);
            PrivateFiles.Write(Path.Combine(folder, Name), Encoding.ASCII.GetBytes(Render(state, time, since)));
        }
        catch (IOException)
        {
            // A full disk keeps nobody from going back; what is missing is an alert of its own.
        }
    }

    private static string Render(StateDirectory state, TimeProvider time, DateTimeOffset? since)
    {
        var deployments = new DeployHistory(state, time).All.Where(DeployStatistics.Counts).ToList();
        var drills = Ledger.Of(state, time).Read().Where(e => e.Verb == "drill deploy").ToList();
        var (last, passed) = (deployments.LastOrDefault(), drills.LastOrDefault(d => d.Result == "passed"));
        return string.Concat(
            Metric("provost_deployment_timestamp_seconds", "When the last deployment or rollback ended", Seconds(last?.At)),
            Metric("provost_deployment_returned", "Whether the last one failed and returned to the old release", last?.Result == "returned" ? 1 : 0),
            Metric("provost_deployment_duration_seconds", "How long it took", last?.Seconds ?? 0),
            Metric("provost_deployment_running_since_timestamp_seconds", "Since when one is under way; 0 when none is", Seconds(since)),
            Metric("provost_deployments_total", "Deployments and rollbacks so far", deployments.Count, "counter"),
            Metric("provost_deployments_returned_total", "Those among them that returned by themselves", deployments.Count(d => d.Result == "returned"), "counter"),
            Metric("provost_drill_deploy_passed_timestamp_seconds", "When the drill of deployments last passed", Seconds(passed?.At)),
            Metric("provost_drill_deploy_failed", "Whether the last drill of deployments failed", drills.LastOrDefault() is { Result: not "passed" } ? 1 : 0));
    }

    private static double Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds() ?? 0;

    private static string Metric(string name, string help, double value, string type = "gauge") =>
        string.Create(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
