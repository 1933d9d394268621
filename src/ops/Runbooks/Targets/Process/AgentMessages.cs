using System.Text.Json.Serialization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Where a replica is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase { Waiting, Starting, Running, BackingOff, Stopping, Stopped }

/// <summary>One replica as the agent sees it.</summary>
/// <param name="Problem">Last probe answer when it is not ready, or why it ended.</param>
/// <param name="CrashLoop">Ended again and again shortly after its start.</param>
public sealed record ReplicaStatus(
    string Id, string Service, int? Pid, bool Ready, int Restarts, long RssBytes, Phase Phase, DateTimeOffset? StartedAt, string? Problem, bool CrashLoop);

/// <summary>A site as its agent sees it.</summary>
/// <param name="Program">The executable that the agent runs from.</param>
public sealed record AgentStatus(
    int Pid, string Program, long RssBytes, string Installation, string Site, string Release, string Digest, string PublicUrl, bool Stopping, IReadOnlyList<ReplicaStatus> Replicas);

/// <summary>Something that happened to a replica.</summary>
/// <param name="Kind">started, ready, notReady, ended, crashLoop, stopping, killed, stopped, adopted, logRotated, certificate.</param>
public sealed record AgentEvent(DateTimeOffset At, string Replica, string Kind, string Message)
{
    /// <summary>It was told to end and did not in time.</summary>
    public const string Killed = "killed";
}

/// <summary>The answer to a request that changes something.</summary>
public sealed record AgentAnswer(bool Done, string? Problem);

/// <summary>What a restarted agent needs to find its services again.</summary>
public sealed record AgentState(string Digest, ProcessIdentity Agent, IReadOnlyList<ChildState> Children);

public sealed record ChildState(string Replica, ProcessIdentity Process, int Restarts, DateTimeOffset StartedAt, ReplicaSpecDigest Spec);

/// <summary>What the child was started with: when it differs from the specification, the child is started anew.</summary>
public readonly record struct ReplicaSpecDigest(string Value);

/// <summary>What a state directory belongs to. The choice of Redis is kept: neither server reads the other's data.</summary>
public sealed record InstallationNote(string Installation, string Site, bool EmbeddedRedis);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(AgentEvent))]
[JsonSerializable(typeof(AgentAnswer))]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(InstallationNote))]
[JsonSerializable(typeof(Dictionary<string, int>))]
public sealed partial class AgentJson : JsonSerializerContext;
