using Provost.Topology.Environments;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>Secrets of the namespace: one for each service, with a file for each of the installation's secrets that it gets.</summary>
public static class SecretNames
{
    /// <summary>The installation's own certificate authority.</summary>
    public const string Authority = "authority";

    /// <summary>Who makes the backups: it has a secret of its own beside those that it takes along.</summary>
    public const string Backup = "backup";

    /// <summary>The key of the repositories.</summary>
    public const string BackupKey = "Backup__Key";

    /// <summary>Keys of buckets, which the operator supplies: Backup__NAME for each destination, access key and secret key on a line each.</summary>
    public const string Buckets = "backup-buckets";

    public static string Of(string service) => $"{service}-secrets";

    /// <summary>Every secret of a cluster: those of all targets, and the key of the repositories, which is made on the other targets by the first backup.</summary>
    public static IReadOnlyList<SecretSpec> All { get; } = [.. Secrets.All, new(BackupKey, SecretKind.Key, [Backup])];

    /// <summary>Services that are given secrets, the operator's tools among them.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. Secrets.Directories.Append(Backup).Where(directory => ValuesOf(directory).Any())];

    /// <summary>What the Secret of a service holds.</summary>
    public static IEnumerable<string> ValuesOf(string service) => All.Where(s => s.Services.Contains(service)).Select(s => s.Name);

    public static IReadOnlyList<string> Generated { get; } = [.. Services.Select(Of)];
}
