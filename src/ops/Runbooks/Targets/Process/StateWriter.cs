using System.Text;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Rendering.Redis;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Writes what a site needs before its agent starts.</summary>
internal static class StateWriter
{
    /// <param name="files">Rendered files without secrets, by path.</param>
    public static void Write(StateDirectory state, SiteSpec spec, IReadOnlyDictionary<string, string> files)
    {
        state.Create();
        SecretFiles.Ensure(state);
        foreach (var store in (string[])[Replicas.Redis, Replicas.ClickHouse])
        {
            PrivateFiles.CreateDirectory(Path.Combine(state.Data, store));
        }
        foreach (var (path, content) in files)
        {
            PrivateFiles.Write(path, Encoding.UTF8.GetBytes(content));
        }
        PrivateFiles.Write(Path.Combine(state.Run, "redis.users"), Encoding.UTF8.GetBytes(RedisConfiguration.RenderUsers(
            state.Secret(Secrets.Operator, Secrets.RedisPassword)!, state.Secret(Secrets.Operator, Secrets.RedisOperatorPassword)!)));
        PrivateFiles.Write(state.SiteSpec, JsonSerializer.SerializeToUtf8Bytes(spec, SiteSpecJson.Default.SiteSpec));
    }
}
