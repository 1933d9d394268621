using System.Security.Cryptography;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;

namespace Provost.Agent.Supervision;

/// <summary>Identifies what a process was started with. Probes and the time to stop are the agent's own: they need no new start.</summary>
internal static class ReplicaDigest
{
    public static ReplicaSpecDigest Of(ReplicaSpec spec)
    {
        var started = spec with { Needs = [], Probe = new ProbeTarget.Http(0), StopSeconds = 0, ReopensLog = false };
        return new(Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(started, SiteSpecJson.Default.ReplicaSpec)))[..16]);
    }
}
