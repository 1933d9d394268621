using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>Redis and ClickHouse: the real servers, or both embedded ones from one small image.</summary>
internal static class StoreServices
{
    // Users of the official images; the group may read the secrets that the platform's user made.
    private const string RedisUser = "999:999";
    private const string ClickHouseUser = "101:101";
    private const string PlatformGroup = "1654";

    public static Map Redis(ComposeContext context, Replica replica)
    {
        var memory = context.Site.Stores.Redis.Memory;
        // A rewrite of the append-only file copies what is written meanwhile.
        var limits = new Limits(ByteSize.Mebibytes((memory.WholeMebibytes * 3 / 2) + 128));
        if (context.EmbeddedRedis)
        {
            return Embedded(context, replica, limits);
        }
        var service = Container.Harden(context, context.Image("redis"), RedisUser, limits);
        service["command"] = new[] { "redis-server", "/etc/redis/redis.conf" };
        // A user that may do nothing else and so needs no password: none appears in a list of processes.
        service["healthcheck"] = Container.Healthcheck(context, "redis-cli", "-e", "--user", "probe", "--pass", "probe", "--no-auth-warning", "ping");
        return Finish(context, replica, service, "/data", ContainerPlacement.SecretsPath, [Container.File("./redis/redis.conf", "/etc/redis/redis.conf")]);
    }

    public static Map ClickHouse(ComposeContext context, Replica replica)
    {
        // The engine's own needs come on top of what queries may use.
        var limits = new Limits(ByteSize.Mebibytes((context.Site.Stores.ClickHouse.Memory.WholeMebibytes * 5 / 4) + 768));
        if (context.EmbeddedClickHouse)
        {
            return Embedded(context, replica, limits);
        }
        var service = Container.Harden(context, context.Image("clickhouse"), ClickHouseUser, limits);
        // Its start script would write a user of its own; ours comes with the secrets.
        service["environment"] = new Map { ["CLICKHOUSE_SKIP_USER_SETUP"] = "1", ["CLICKHOUSE_DO_NOT_CHOWN"] = "1" };
        service["tmpfs"] = new[] { "/tmp:mode=1777,size=64m,noexec,nosuid,nodev", "/var/log/clickhouse-server:uid=101,gid=101,mode=0750,size=16m,noexec,nosuid,nodev" };
        service["healthcheck"] = Container.Healthcheck(context, "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8123/ping");
        // Of its secrets it reads the users alone, which stand there with the hash of the password.
        return Finish(
            context, replica, service, "/var/lib/clickhouse", "/etc/clickhouse-server/users.d",
            [Container.File("./clickhouse/config.xml", "/etc/clickhouse-server/config.d/provost.xml")]);
    }

    private static Map Embedded(ComposeContext context, Replica replica, Limits limits)
    {
        var service = Container.Harden(context, context.Image("stores"), Container.PlatformUser, limits);
        service["command"] = new[] { replica.Service };
        service["environment"] = context.Environment(replica);
        service["healthcheck"] = Container.Healthcheck(context, "/app/Provost.Stores", "healthcheck");
        return Finish(context, replica, service, "/data", ContainerPlacement.SecretsPath, []);
    }

    private static Map Finish(ComposeContext context, Replica replica, Map service, string data, string secrets, IReadOnlyList<Map> files)
    {
        service["group_add"] = (string)service["user"]! == Container.PlatformUser ? null : new[] { PlatformGroup };
        service["labels"] = PlatformServices.Labels(replica);
        service["depends_on"] = new Map { [ComposeNames.SecretsService] = Container.Ended() };
        service["networks"] = new[] { "data" };
        service["ports"] = context.IsDevelopment ? Development.Ports(context, replica) : null;
        service["volumes"] = new List<Map>([
            // Filled from the image when it is new: so it belongs to the image's user.
            Container.Volume(context.DataVolume(replica.Service), data, copy: true),
            Container.Volume(ComposeNames.SecretsVolume(replica.Service), secrets, readOnly: true),
            .. files]);
        return service;
    }
}
