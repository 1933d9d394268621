using System.Text.Json.Serialization;

namespace Provost.Rendering.Process;

/// <summary>Everything that the agent needs to run a site as plain processes. Holds no secret.</summary>
/// <param name="Digest">Identifies the whole: release and configuration.</param>
public sealed record SiteSpec(
    string Installation,
    string Site,
    string Release,
    string Digest,
    string PublicUrl,
    string StateDirectory,
    string RunDirectory,
    IReadOnlyList<SocketSpec> Sockets,
    IReadOnlyList<ReplicaSpec> Replicas,
    ProbeSpec Probes,
    LogSpec Logs,
    CertificateSpec? Certificate,
    ScheduleSpec? Schedule = null);

/// <summary>A listening socket that the agent owns and hands to replicas.</summary>
public sealed record SocketSpec(string Name, string Address, int Port);

/// <param name="Sockets">Names of the sockets that the replica inherits, as descriptors 3, 4, ...</param>
/// <param name="Needs">Services that must be ready before the first start.</param>
/// <param name="ReopensLog">Whether the replica reopens its log file on SIGHUP; otherwise it opens it for every line.</param>
/// <param name="StopSeconds">Time from SIGTERM until SIGKILL.</param>
public sealed record ReplicaSpec(
    string Id,
    string Service,
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Sockets,
    IReadOnlyList<string> Needs,
    ProbeTarget Probe,
    string LogFile,
    bool ReopensLog,
    double StopSeconds);

/// <summary>How to ask a replica whether it is well.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Http), "http")]
[JsonDerivedType(typeof(Redis), "redis")]
public abstract record ProbeTarget
{
    private ProbeTarget()
    {
    }

    public abstract int Port { get; init; }

    /// <summary>/health/ready and /health/live on this loopback port.</summary>
    public sealed record Http(int Port) : ProbeTarget
    {
        public override int Port { get; init; } = Port;
    }

    /// <summary>AUTH and PING on this loopback port.</summary>
    public sealed record Redis(int Port, string PasswordFile) : ProbeTarget
    {
        public override int Port { get; init; } = Port;
    }
}

public sealed record ProbeSpec(double IntervalSeconds, double TimeoutSeconds, int Failures, double StartSeconds);

public sealed record LogSpec(long MaxBytes, int Keep);

/// <summary>What the agent does at night, by running the tool.</summary>
/// <param name="ConfigFile">provost.yaml; null when every default holds.</param>
/// <param name="Daily">Time of day (UTC), HH:mm.</param>
/// <param name="DrillSeconds">Between two rehearsals of a restore.</param>
/// <param name="FailoverSeconds">Between two rehearsals of a failover; null where no process of the site can be killed.</param>
public sealed record ScheduleSpec(
    string StateDirectory, string Folder, string? ConfigFile, string Site, bool Enabled, string Daily, double DrillSeconds, double? FailoverSeconds = null);

/// <param name="Domain">Name that the certificate is for; the agent issues and renews it, and the gateway takes it up.</param>
public sealed record CertificateSpec(string Domain, string AuthorityFile, string ChainFile, string KeyFile);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SiteSpec))]
[JsonSerializable(typeof(ReplicaSpec))]
public sealed partial class SiteSpecJson : JsonSerializerContext;
