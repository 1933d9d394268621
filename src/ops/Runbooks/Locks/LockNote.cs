using System.Text.Json.Serialization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Locks;

/// <summary>Who works on an installation, and until when that holds.</summary>
/// <param name="Id">Of this very taking: only it may let go.</param>
/// <param name="Owner">User and machine.</param>
/// <param name="Purpose">The verb and what it is about: "deploy 0.2.0".</param>
/// <param name="Process">Of the owner; tells on the same machine whether it lives.</param>
public sealed record LockNote(string Id, string Owner, string Purpose, string Machine, ProcessIdentity Process, DateTimeOffset Taken, DateTimeOffset Heartbeat)
{
    /// <summary>A lock whose owner cannot be looked at from here, and was not heard of for this long, is free.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(60);

    /// <summary>Why nobody holds it any more; null while its owner lives.</summary>
    public string? Abandoned(DateTimeOffset now) => this switch
    {
        // On this machine the process itself proves it: on a full disk no heartbeat is written, and its owner works all the same.
        _ when IsOfThisBoot => ProcessTable.IsAlive(Process) ? null : $"its owner, process {Process.Pid}, has ended",
        _ when now - Heartbeat > Expiry => $"its owner was last heard of {(now - Heartbeat).TotalSeconds:0} s ago",
        _ => null,
    };

    private bool IsOfThisBoot => Machine == Environment.MachineName && Process.Boot == ProcessTable.Identify(Environment.ProcessId)?.Boot;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LockNote))]
internal sealed partial class LockJson : JsonSerializerContext;
