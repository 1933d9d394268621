using System.Globalization;
using Provost.Rendering.Trees;
using Provost.Topology.Environments;

namespace Provost.Rendering.Compose;

/// <summary>What development has instead: services run from the sources and start anew when these change, and ports for debuggers and clients.</summary>
internal static class Development
{
    private const string Source = "/source";
    // The image makes this folder for its user, and so a volume that is filled from it belongs to that user.
    private const string Home = "/home/app";
    private const string Artifacts = $"{Home}/artifacts";

    // Loopback ports of this machine; a replica's number is added.
    private static readonly Dictionary<string, int> DebugPorts = new()
    {
        [Replicas.Api] = 18080,
        [Replicas.Web] = 18180,
        [Replicas.Gateway] = 18280,
        [Replicas.Redis] = 16378,
        [Replicas.ClickHouse] = 18122,
    };

    public static string WorkVolume(string service) => $"work-{service}";

    /// <summary>Services that are compiled where they run; the bundle is served as it was published last.</summary>
    public static bool IsFromSources(string service) => service is Replicas.Api or Replicas.Gateway;

    public static void FromSources(ComposeContext context, Map service, Replica replica, string project)
    {
        var volumes = (List<Map>?)service["volumes"] ?? [];
        service["volumes"] = volumes;
        if (!IsFromSources(replica.Service))
        {
            volumes.Add(Container.File($"{context.Sources}/artifacts/publish/Web/release/wwwroot", "/bundle/wwwroot"));
            return;
        }
        service["image"] = context.Image("sdk");
        service["working_dir"] = Source;
        // A change in memory is not seen, because what is compiled lies elsewhere than the sources: started anew instead.
        service["command"] = new[] { "dotnet", "watch", "--no-hot-reload", "--non-interactive", "--project", $"src/platform/{project}", "run", "--no-launch-profile", $"--property:ArtifactsPath={Artifacts}" };
        service["tmpfs"] = new[] { "/tmp:mode=1777,size=512m" };
        service["deploy"] = new Map { ["resources"] = new Map { ["limits"] = new Map { ["memory"] = "3072m", ["pids"] = 1024 } } };
        service["healthcheck"] = new Map
        {
            ["test"] = new[] { "CMD", $"{Artifacts}/bin/{project}/debug/Provost.{project}", "healthcheck" },
            ["interval"] = "5s",
            ["timeout"] = "5s",
            ["retries"] = 3,
            ["start_period"] = "300s",
        };
        volumes.Add(Container.File(context.Sources!, Source));
        volumes.Add(Container.Volume(WorkVolume(context.Service(replica)), Home, copy: true));
        AddTools((Map)service["environment"]!);
    }

    public static List<Map> Ports(ComposeContext context, Replica replica)
    {
        var port = (DebugPorts[replica.Service] + replica.Number).ToString(CultureInfo.InvariantCulture);
        return [Container.Published("127.0.0.1", port, Target(context, replica))];
    }

    private static int Target(ComposeContext context, Replica replica) => replica.Service switch
    {
        Replicas.Redis => ContainerPlacement.RedisPort,
        Replicas.ClickHouse => context.EmbeddedClickHouse ? ContainerPlacement.HttpPort : ContainerPlacement.ClickHousePort,
        Replicas.Gateway => ContainerPlacement.AdminPort,
        _ => ContainerPlacement.HttpPort,
    };

    private static void AddTools(Map environment)
    {
        environment["HOME"] = Home;
        // Changes on a mounted folder are not announced on every machine.
        environment["DOTNET_USE_POLLING_FILE_WATCHER"] = "1";
        environment["DOTNET_NOLOGO"] = "1";
        environment["MinVerSkip"] = "true";
    }
}
