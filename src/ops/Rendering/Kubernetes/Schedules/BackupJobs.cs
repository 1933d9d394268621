namespace Provost.Rendering.Kubernetes.Schedules;

/// <param name="Name">Of the CronJob and of its container.</param>
/// <param name="Arguments">What the tool is told to do.</param>
/// <param name="OpensStores">Whether it opens copies of the stores, and so needs their memory.</param>
public sealed record BackupJob(string Name, IReadOnlyList<string> Arguments, bool OpensStores);

/// <summary>What the CronJobs of backups do.</summary>
public static class BackupJobs
{
    public static BackupJob Create { get; } = new("backup", ["backup", "create"], true);

    public static BackupJob Verify { get; } = new("verify", ["backup", "verify", "--restore"], true);

    public static BackupJob Prune { get; } = new("prune", ["backup", "prune", "--yes"], false);

    /// <summary>Who is erased after a backup stays erased when that backup is restored.</summary>
    public static BackupJob Erasures { get; } = new("erasures", ["backup", "erasures"], false);

    public static IReadOnlyList<BackupJob> All { get; } = [Create, Verify, Prune, Erasures];
}
