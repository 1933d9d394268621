using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provost.Topology.Environments;

namespace Provost.Rendering.Redis;

/// <summary>redis.conf of a server on this machine, and its users.</summary>
public static class RedisConfiguration
{
    public static string File(ProcessPlacement placement) => $"{placement.RunDirectory}/redis.conf";

    public static string UsersFile(ProcessPlacement placement) => $"{placement.RunDirectory}/redis.users";

    public static string Render(ProcessPlacement placement)
    {
        var replica = new Replica(Replicas.Redis, 1);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by provost on every start: do not edit.
            bind 127.0.0.1
            port {placement.Ports[replica.Id]}
            protected-mode yes
            daemonize no
            supervised no
            # The title would overwrite the environment by which the agent knows its own.
            set-proc-title no
            dir {Quoted(placement.DataDirectory(Replicas.Redis))}
            logfile {Quoted(placement.LogFile(replica))}
            loglevel notice
            aclfile {Quoted(UsersFile(placement))}
            # Durable: an acknowledged write is at most a second away from the disk, and survives the end of any process.
            appendonly yes
            appendfsync everysec
            aof-load-truncated yes
            save ""
            # A full store refuses writes; it never forgets an account to make room.
            maxmemory-policy noeviction
            tcp-keepalive 60
            databases 1

            """);
    }

    /// <summary>Users with hashes of their passwords: the services' own, without what can stop, empty or reconfigure the server or run scripts in it, and the operator's.</summary>
    public static string RenderUsers(string password, string operatorPassword) => $"""
        user default on #{Hash(password)} ~* &* +@all -@dangerous -@scripting +info +client|list +client|kill +role
        user operator on #{Hash(operatorPassword)} ~* &* +@all

        """;

    /// <summary>A user for health checks: it may ask whether the server answers, and nothing else.</summary>
    public const string ProbeUser = "user probe on nopass resetkeys resetchannels -@all +ping\n";

    private static string Hash(string password) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)));

    private static string Quoted(string path) =>
        "\"" + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
