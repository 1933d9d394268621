using System.Globalization;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>What the pods of a replicated Redis run: a configuration and small shell programs around the server and its sentinel.</summary>
internal static class RedisPrograms
{
    public const string StartServer = "start-redis.sh";
    public const string StartSentinel = "start-sentinel.sh";
    public const string Stop = "stop-redis.sh";
    public const string Alive = "alive.sh";
    public const string Ready = "ready-redis.sh";

    /// <param name="memory">Bytes that the store may hold.</param>
    /// <param name="operatorFile">File with the password of the user by which the operator's tools, backups among them, sign in.</param>
    public static Dictionary<string, string> Of(int replicas, long memory, string operatorFile)
    {
        string Program(string text) => "#!/bin/sh\n" + Names(replicas) + text;
        return new()
        {
            ["redis.conf"] = string.Create(CultureInfo.InvariantCulture, $"{Configuration}maxmemory {memory}\n"),
            [StartServer] = Program(StartServerText.Replace(OperatorFile, operatorFile, StringComparison.Ordinal)),
            [StartSentinel] = Program(StartSentinelText),
            [Stop] = Program(StopText),
            [Alive] = Program(AliveText),
            [Ready] = Program(ReadyText),
        };
    }

    private const string Configuration = """
        bind * -::*
        port 6379
        protected-mode no
        dir /data
        # Durable: an acknowledged write is at most a second away from the disk, and survives the end of any process.
        appendonly yes
        appendfsync everysec
        aof-load-truncated yes
        save ""
        # A primary that is cut off from every stand-in stops taking writes that would be lost.
        min-replicas-to-write 1
        min-replicas-max-lag 10
        # A full store refuses writes; it never forgets an account to make room.
        maxmemory-policy noeviction
        tcp-keepalive 60
        databases 1

        """;

    private static string Names(int replicas) => $"""
        set -eu
        umask 077
        quorum={(replicas / 2) + 1}
        me="$(hostname).redis-pods"
        members="{string.Join(' ', Enumerable.Range(0, replicas).Select(n => $"redis-{n}.redis-pods"))}"
        REDISCLI_AUTH="$(cat /run/secrets/Redis__Password)"
        export REDISCLI_AUTH
        # What a member's sentinel says; nothing when it does not answer.
        ask() {"{"} timeout 3 redis-cli -h "$1" -p 26379 --no-auth-warning "$2" "$3" provost 2>/dev/null | head -n 1; {"}"}
        # Whom the sentinels name as primary; before there are any, the last one that is known, or the first member.
        primary() {"{"}
          for member in $members; do
            answer="$(ask "$member" sentinel get-master-addr-by-name || true)"
            case "$answer" in redis-*) echo "$answer"; return;; esac
          done
          known="$(sed -n 's/^sentinel monitor provost \([^ ]*\) .*/\1/p' /data/sentinel/sentinel.conf 2>/dev/null || true)"
          echo "${"{"}known:-${"{"}members%% *{"}"}{"}"}"
        {"}"}

        """;

    private const string OperatorFile = "@operator@";

    private const string StartServerText = """
        of="$(primary)"
        {
          cat /configuration/redis.conf
          echo "requirepass $REDISCLI_AUTH"
          echo "masterauth $REDISCLI_AUTH"
          echo "user operator on >$(cat @operator@) ~* &* +@all"
          echo "replica-announce-ip $me"
          if [ "$of" != "$me" ]; then echo "replicaof $of 6379"; fi
        } > /run/redis/redis.conf
        unset REDISCLI_AUTH
        exec redis-server /run/redis/redis.conf

        """;

    // A sentinel keeps its name and what it knows on the volume; the password is taken anew at every start.
    private const string StartSentinelText = """
        of="$(primary)"
        until getent ahosts "$of" >/dev/null; do echo "waiting for the name $of"; sleep 1; done
        mkdir -p /data/sentinel
        file=/data/sentinel/sentinel.conf
        if [ ! -s "$file" ]; then
          {
            echo "port 26379"
            echo "protected-mode no"
            echo "dir /tmp"
            echo "sentinel resolve-hostnames yes"
            echo "sentinel announce-hostnames yes"
            echo "sentinel announce-ip $me"
            echo "sentinel announce-port 26379"
            echo "sentinel monitor provost $of 6379 $quorum"
            echo "sentinel down-after-milliseconds provost 5000"
            echo "sentinel failover-timeout provost 30000"
            echo "sentinel parallel-syncs provost 1"
          } > "$file"
        fi
        grep -v -E '^(requirepass|sentinel (auth-pass|sentinel-pass)) ' "$file" > "$file.new"
        {
          echo "requirepass $REDISCLI_AUTH"
          echo "sentinel auth-pass provost $REDISCLI_AUTH"
          echo "sentinel sentinel-pass $REDISCLI_AUTH"
        } >> "$file.new"
        mv "$file.new" "$file"
        unset REDISCLI_AUTH
        exec redis-server "$file" --sentinel

        """;

    // A primary that is asked to stop hands over first, so that writes wait a moment instead of until it is missed.
    private const string StopText = """
        role() { redis-cli --no-auth-warning role | head -n 1; }
        if [ "$(role)" != "master" ]; then exit 0; fi
        for member in $members; do
          if [ "$member" != "$me" ] && [ "$(ask "$member" sentinel failover || true)" = "OK" ]; then break; fi
        done
        for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
          if [ "$(role)" != "master" ]; then exit 0; fi
          sleep 1
        done

        """;

    private const string AliveText = """
        [ "$(timeout 3 redis-cli -p "$1" --no-auth-warning ping)" = "PONG" ]

        """;

    // A stand-in is ready when it has what the primary has.
    private const string ReadyText = """
        state="$(timeout 3 redis-cli --no-auth-warning info replication)"
        case "$state" in *role:master*|*master_link_status:up*) exit 0;; *) echo "not in step with its primary"; exit 1;; esac

        """;
}
