using System.Text;
using Provost.Rendering.ClickHouse;
using Provost.Rendering.Redis;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// The secrets of a site in containers: a folder for each service, mounted by that service alone, made before everything
/// else starts. The stores' own users may read theirs by their group.
/// </summary>
public static class ContainerSecrets
{
    private const UnixFileMode GroupFile = PrivateFiles.FileMode | UnixFileMode.GroupRead;
    private const UnixFileMode GroupDirectory = PrivateFiles.DirectoryMode | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Makes what is missing; what is there stays.</summary>
    public static void Ensure(string directory)
    {
        var state = new StateDirectory(directory);
        var made = Path.Combine(state.Secrets, Secrets.Operator, ".made");
        RequireKeys(state, made);
        // In a container only what is mounted there can be written, and its folders are there already.
        if (!Directory.Exists(state.Secrets))
        {
            PrivateFiles.CreateDirectory(state.Secrets);
        }
        SecretFiles.Ensure(state, Secrets.Directories.Where(d => Secrets.Of(d).Any()));
        PrivateFiles.Write(made, "\n"u8);
        var redis = Path.Combine(state.Secrets, Replicas.Redis);
        PrivateFiles.Write(Path.Combine(redis, "redis.users"), Encoding.UTF8.GetBytes(RedisConfiguration.RenderUsers(
            state.Secret(Secrets.Operator, Secrets.RedisPassword)!, state.Secret(Secrets.Operator, Secrets.RedisOperatorPassword)!) + RedisConfiguration.ProbeUser));
        Share(redis);
        var clickHouse = Path.Combine(state.Secrets, Replicas.ClickHouse);
        PrivateFiles.Write(Path.Combine(clickHouse, "users.xml"), Encoding.UTF8.GetBytes(ClickHouseUsers.Render(state.Secret(Secrets.Operator, "ClickHouse__Password")!)));
        Share(clickHouse);
    }

    // A new key beside old data would make them unreadable for good, without anybody noticing at first.
    private static void RequireKeys(StateDirectory state, string made)
    {
        var lost = Secrets.All.FirstOrDefault(s => s.Kind == SecretKind.Key && s.Services.All(service => state.Secret(service, s.Name) is null));
        if (File.Exists(made) && lost is not null)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the secret {lost.Name} is gone, and data were written with it",
                $"put it back from a backup into the volume that holds the secrets of {lost.Services[0]}; to begin with empty data: provost destroy");
        }
    }

    private static void Share(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.SetUnixFileMode(file, GroupFile);
        }
        File.SetUnixFileMode(folder, GroupDirectory);
    }
}
