using System.Globalization;
using Provost.Rendering.Trees;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>What every container gets alike: no root, no capability, nothing to write but what is mounted, limits, bounded logs.</summary>
internal static class Container
{
    public const string PlatformUser = "1654:1654";
    public const double DefaultCpus = 2;

    public static Map Harden(ComposeContext context, string image, string user, Limits limits) => new()
    {
        ["image"] = image,
        ["user"] = user,
        ["restart"] = "unless-stopped",
        ["read_only"] = true,
        ["cap_drop"] = new[] { "ALL" },
        ["security_opt"] = new[] { "no-new-privileges:true" },
        ["tmpfs"] = new[] { "/tmp:mode=1777,size=64m,noexec,nosuid,nodev" },
        ["deploy"] = new Map
        {
            ["resources"] = new Map
            {
                ["limits"] = new Map { ["cpus"] = limits.Cpus is { } cpus ? Number(cpus) : $"${{{EnvironmentFile.Cpus}:-{Number(DefaultCpus)}}}", ["memory"] = Mebibytes(limits.Memory), ["pids"] = limits.Processes },
                ["reservations"] = new Map { ["memory"] = Mebibytes(ByteSize.Mebibytes(Math.Max(32, limits.Memory.WholeMebibytes / 4))) },
            },
        },
        ["logging"] = new Map
        {
            ["driver"] = "json-file",
            ["options"] = new Map
            {
                ["max-size"] = $"{Math.Max(1, context.Site.Logs.MaxSize.WholeMebibytes)}m",
                ["max-file"] = (context.Site.Logs.Keep + 1).ToString(CultureInfo.InvariantCulture),
            },
        },
        ["stop_grace_period"] = Seconds(context.Site.Shutdown.Drain + context.Site.Shutdown.Limit + TimeSpan.FromSeconds(5)),
    };

    /// <summary>Asked inside of the container; whoever depends on it waits for the answer.</summary>
    public static Map Healthcheck(ComposeContext context, params string[] command) => new()
    {
        ["test"] = command.Prepend("CMD").ToArray(),
        ["interval"] = "5s",
        ["timeout"] = "5s",
        ["retries"] = 3,
        ["start_period"] = Seconds(context.Site.Probes.Start),
    };

    /// <summary>For what runs schedules: it answers nobody, and says itself that it is alive. Asked less often: it is no small program.</summary>
    public static Map ScheduleCheck(ComposeContext context)
    {
        var check = Healthcheck(context, "/app/provost", "agent", "healthcheck");
        check["interval"] = "10s";
        return check;
    }

    /// <summary>A volume that is never filled from the image: its content is somebody else's.</summary>
    public static Map Volume(string source, string target, bool readOnly = false, bool copy = false) => new()
    {
        ["type"] = "volume",
        ["source"] = source,
        ["target"] = target,
        ["read_only"] = readOnly ? true : null,
        ["volume"] = copy ? null : new Map { ["nocopy"] = true },
    };

    public static Map File(string source, string target) => new() { ["type"] = "bind", ["source"] = source, ["target"] = target, ["read_only"] = true };

    public static Map Published(string address, string port, int target) => new() { ["target"] = target, ["published"] = port, ["host_ip"] = address, ["protocol"] = "tcp" };

    public static Map Healthy() => new() { ["condition"] = "service_healthy" };

    public static Map Ended() => new() { ["condition"] = "service_completed_successfully" };

    public static string Number(double value) => value.ToString("0.0##", CultureInfo.InvariantCulture);

    public static string Mebibytes(ByteSize size) => $"{size.WholeMebibytes}m";

    private static string Seconds(TimeSpan span) => $"{Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture)}s";
}

/// <param name="Memory">Of the whole container.</param>
/// <param name="Cpus">Null for the default.</param>
/// <param name="Processes">Threads count too.</param>
internal sealed record Limits(ByteSize Memory, double? Cpus = null, int Processes = 512);
