using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

/// <summary>How the state is taken from a Redis server of the machine. The embedded server has its own way.</summary>
public enum RedisBackup
{
    [Description("a snapshot that the server writes beside its work: compact, with a checksum of its own")]
    Rdb,

    [Description("the append-only file as it is at the cut: no second copy in memory, larger")]
    Aof,
}

[Description("Backups of the site, and what a recovery may cost.")]
public sealed record Backup
{
    /// <summary>Where each site has a folder of its own: sites have different keys, and a repository has one.</summary>
    public const string DefaultDirectory = ".provost-backups";

    [Description("Where backups go, by name; every backup goes to all of them. Left out: one destination, local, the directory .provost-backups beside provost.yaml, where each site has a folder of its own.")]
    public IReadOnlyDictionary<string, Destination> Destinations { get; init; } =
        new Dictionary<string, Destination> { ["local"] = new() { Directory = DefaultDirectory } };

    [Description("How the state is taken from a Redis server of the machine.")]
    public RedisBackup Redis { get; init; } = RedisBackup.Rdb;

    [Description("Most bytes per second that go to each destination. Off when not set.")]
    [SizeRange("16KiB", "1TiB")]
    public ByteSize? Bandwidth { get; init; }

    [Description("When backups are made, checked and rehearsed by themselves.")]
    public BackupSchedule Schedule { get; init; } = new();

    [Description("Which backups are kept.")]
    public Keep Keep { get; init; } = new();

    [Description("Recovery time objective: how long a recovery may take. Drills are compared with it.")]
    [DurationRange("1m", "30d")]
    public TimeSpan Rto { get; init; } = TimeSpan.FromHours(1);

    [Description("Recovery point objective: how old the newest verified backup may be. Drills and doctor compare with it.")]
    [DurationRange("1m", "30d")]
    public TimeSpan Rpo { get; init; } = TimeSpan.FromHours(26);
}

[Description("A place for backups: a directory, or a bucket that speaks S3. Keys of a bucket are given to `provost backup login`.")]
public sealed record Destination
{
    [Description("Directory, relative to the folder of provost.yaml.")]
    [RegularExpression(@"^[^\0]+$", ErrorMessage = "the path of a directory")]
    public string? Directory { get; init; }

    [Description("Name of the bucket.")]
    [RegularExpression("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", ErrorMessage = "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens")]
    public string? Bucket { get; init; }

    [Description("URL of the S3 service. With none given: that of AWS.")]
    [HttpUrl]
    public string? Endpoint { get; init; }

    [Description("Region of the bucket.")]
    [RegularExpression("^[a-z0-9-]{1,40}$", ErrorMessage = "the name of a region, like eu-central-1")]
    public string Region { get; init; } = "us-east-1";

    [Description("Folder within the bucket.")]
    [RegularExpression(@"^[A-Za-z0-9!_.'()/-]{1,200}$", ErrorMessage = "a path of letters, digits and slashes")]
    public string? Prefix { get; init; }
}

[Description("When backups are made, checked and rehearsed by themselves.")]
public sealed record BackupSchedule
{
    [Description("Whether the schedule runs.")]
    public bool Enabled { get; init; } = true;

    [Description("Time of day (UTC) of the daily backup; verify, prune and rehearsals follow it. What fails is tried again each hour, up to seven times.")]
    [RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "a time of day from 00:00 to 23:59")]
    public string Daily { get; init; } = "02:30";

    [Description("Time between two rehearsals of a restore; it follows the nightly backup.")]
    [DurationRange("1h", "366d")]
    public TimeSpan Drill { get; init; } = TimeSpan.FromDays(30);

    [Description("Time between two rehearsals of a failover, in which every process is killed in turn; it follows the nightly backup. Only where plain processes run.")]
    [DurationRange("1h", "366d")]
    public TimeSpan Failover { get; init; } = TimeSpan.FromDays(30);
}

[Description("Which backups are kept: the newest ones, and the newest of each day, week, month and year.")]
public sealed record Keep
{
    [Description("Newest backups.")]
    [Range(1, 1000)]
    public int Last { get; init; } = 3;

    [Description("Days.")]
    [Range(0, 1000)]
    public int Daily { get; init; } = 7;

    [Description("Weeks.")]
    [Range(0, 1000)]
    public int Weekly { get; init; } = 5;

    [Description("Months.")]
    [Range(0, 1000)]
    public int Monthly { get; init; } = 12;

    [Description("Years.")]
    [Range(0, 100)]
    public int Yearly { get; init; } = 3;
}
