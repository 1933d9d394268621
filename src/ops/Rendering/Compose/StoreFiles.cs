using System.Globalization;
using Provost.Rendering.Trees;

namespace Provost.Rendering.Compose;

/// <summary>Configuration that the official images of the stores read. Their users come with the secrets.</summary>
internal static class StoreFiles
{
    public static IEnumerable<RenderedFile> Render(ComposeContext context)
    {
        if (!context.EmbeddedRedis)
        {
            yield return new RenderedFile("redis/redis.conf", Redis(context));
        }
        if (!context.EmbeddedClickHouse)
        {
            yield return new RenderedFile("clickhouse/config.xml", ClickHouse(context));
        }
    }

    private static string Redis(ComposeContext context) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by provost render compose: do not edit.
        bind * -::*
        port 6379
        protected-mode yes
        dir /data
        aclfile /run/secrets/redis.users
        # Durable: an acknowledged write is at most a second away from the disk, and survives the end of any process.
        appendonly yes
        appendfsync everysec
        aof-load-truncated yes
        save ""
        # A full store refuses writes; it never forgets an account to make room.
        maxmemory {context.Site.Stores.Redis.Memory.WholeMebibytes}mb
        maxmemory-policy noeviction
        tcp-keepalive 60
        databases 1

        """);

    // The server's own logs would fill the disk: what is worth reading goes to standard output.
    private static string ClickHouse(ComposeContext context) => string.Create(CultureInfo.InvariantCulture, $"""
        <!-- Written by provost render compose: do not edit. -->
        <clickhouse>
            <listen_host>0.0.0.0</listen_host>
            <http_port>8123</http_port>
            <tcp_port remove="1"/>
            <mysql_port remove="1"/>
            <postgresql_port remove="1"/>
            <interserver_http_port remove="1"/>
            <logger>
                <level>information</level>
                <console>1</console>
                <log remove="1"/>
                <errorlog remove="1"/>
                <formatting><type>json</type></formatting>
            </logger>
            <max_server_memory_usage>{context.Site.Stores.ClickHouse.Memory.Bytes}</max_server_memory_usage>
            <asynchronous_metric_log remove="1"/>
            <backup_log remove="1"/>
            <blob_storage_log remove="1"/>
            <crash_log remove="1"/>
            <error_log remove="1"/>
            <metric_log remove="1"/>
            <latency_log remove="1"/>
            <opentelemetry_span_log remove="1"/>
            <part_log remove="1"/>
            <processors_profile_log remove="1"/>
            <query_log remove="1"/>
            <query_metric_log remove="1"/>
            <query_thread_log remove="1"/>
            <query_views_log remove="1"/>
            <session_log remove="1"/>
            <text_log remove="1"/>
            <trace_log remove="1"/>
        </clickhouse>

        """);
}
