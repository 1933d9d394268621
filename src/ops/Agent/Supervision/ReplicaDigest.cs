using System.Security.Cryptography;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;

namespace Provost.Agent.Supervision;

internal static class ReplicaDigest
{
    public static ReplicaSpecDigest Of(ReplicaSpec spec) =>
        new(Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, SiteSpecJson.Default.ReplicaSpec)))[..16]);
}
