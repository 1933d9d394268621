using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Schedules;

/// <summary>
/// Backups: made each day, checked by a restore, thinned out; and every few minutes who was erased meanwhile. Their pods reach the
/// stores and the platform as any client does, and mount nothing of theirs but the files of an embedded Redis, which has no other way.
/// </summary>
internal static class Backups
{
    private const string Work = "backup";
    private const string EmbeddedRedis = "redis";
    private const string ConfigurationFile = "provost.yaml";

    // A backup that takes longer than this does not end by itself.
    private static readonly TimeSpan LongRun = TimeSpan.FromHours(12);
    private static readonly TimeSpan ShortRun = TimeSpan.FromMinutes(15);

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var configuration = Configuration.Of(site, Components.Backup, "site", new Dictionary<string, string> { [ConfigurationFile] = site.Configuration });
        var environment = Configuration.Of(site, Components.Backup, "environment", new ClusterPlacement(site.Version, site.Site).Backup().Environment());
        var times = Times(site.Site.Backup.Schedule);
        yield return Claim(site);
        yield return configuration;
        yield return environment;
        yield return Of(site, BackupJobs.Create, times(0), LongRun, configuration, environment);
        yield return Of(site, BackupJobs.Verify, times(1), LongRun, configuration, environment);
        yield return Of(site, BackupJobs.Prune, times(2), LongRun, configuration, environment);
        yield return Of(site, BackupJobs.Erasures, "*/10 * * * *", ShortRun, configuration, environment);
    }

    private static Func<int, string> Times(BackupSchedule schedule)
    {
        var daily = TimeOnly.ParseExact(schedule.Daily, "HH:mm", CultureInfo.InvariantCulture);
        return hours => string.Create(CultureInfo.InvariantCulture, $"{daily.Minute} {daily.AddHours(hours).Hour} * * *");
    }

    private static Manifest Claim(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["metadata"] = site.Metadata(Components.Backup, Components.Backup),
        ["spec"] = Volume.ClaimSpec(site.Cluster.Backup.StorageClass, site.Cluster.Backup.Volume),
    });

    private static Manifest Of(ClusterSite site, BackupJob job, string times, TimeSpan limit, Manifest configuration, Manifest environment)
    {
        var embedded = site.Cluster.Redis.Mode is StoreMode.Embedded;
        var secrets = BackupSecrets.Of(site);
        var container = new Container(job.Name, site.Image("backup"), PodNeeds.OfBackup(site, job.OpensStores))
        {
            Arguments = [.. job.Arguments, "--config", $"{BackupPlacement.Configuration}/{ConfigurationFile}", "--site", site.SiteName],
            EnvironmentFrom = environment.Name,
            Environment = [Container.Value("HOME", "/tmp")],
            Mounts =
            [
                Volume.Mount(Work, BackupPlacement.StateDirectory, part: "state"),
                Volume.Mount(Work, BackupPlacement.Repositories, part: "repositories"),
                .. secrets.Mounts,
                Volume.Mount("site", BackupPlacement.Configuration, readOnly: true),
                Volume.Mount("tmp", "/tmp"),
                .. embedded ? new[] { Volume.Mount(EmbeddedRedis, "/stores", readOnly: true) } : [],
            ],
        };
        var pod = new Pod(Components.Backup, Pod.Platform, [container.Render()])
        {
            Restart = "Never",
            Volumes =
            [
                Volume.Claim(Work, Components.Backup), .. secrets.Volumes, Volume.Configuration("site", configuration.Name), Volume.Scratch("tmp", "2Gi"),
                .. embedded ? new[] { Volume.Claim(EmbeddedRedis, $"data-{Components.Redis}-0") } : [],
            ],
            Annotations = secrets.Annotations,
            // A volume is on one node at a time: beside the server whose files are read, or at least beside each other.
            Beside = embedded ? Components.Redis : Components.Backup,
        };
        var spec = new JsonObject
        {
            ["backoffLimit"] = 1,
            ["activeDeadlineSeconds"] = Quantity.WholeSeconds(limit),
            ["template"] = pod.Render(site),
        };
        return CronJobs.Of(site, Components.Backup, job.Name, times, spec, suspend: !site.Site.Backup.Schedule.Enabled);
    }
}
