using System.Security.Cryptography;
using System.Text;
using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>
/// The container that makes the backups. It reaches the stores and the platform over their networks as any client does, and
/// mounts nothing of theirs but the files of an embedded Redis, which has no other way.
/// </summary>
internal static class BackupService
{
    private const string ConfigurationFile = "backup/provost.yaml";

    // Beside both stores over a restored copy: the tool itself, and the embedded engine's own needs.
    private const int OwnMebibytes = 1536;

    // A rehearsal runs the whole platform in it.
    private const int RehearsalProcesses = 2048;

    /// <summary>Development has nothing that is worth a backup.</summary>
    public static bool IsRun(ComposeContext context) => !context.IsDevelopment;

    public static IEnumerable<RenderedFile> Files(ComposeContext context) => IsRun(context) ? [new RenderedFile(ConfigurationFile, context.Configuration)] : [];

    public static IEnumerable<string> Volumes(ComposeContext context) => IsRun(context) ? [ComposeNames.BackupWorkVolume, ComposeNames.BackupsVolume] : [];

    public static Map Render(ComposeContext context)
    {
        var stores = context.Site.Stores;
        var memory = ByteSize.Mebibytes((stores.Redis.Memory.WholeMebibytes * 3 / 2) + stores.ClickHouse.Memory.WholeMebibytes + OwnMebibytes);
        var service = Container.Harden(context, context.Image("backup"), Container.PlatformUser, new Limits(memory, Processes: RehearsalProcesses));
        service["command"] = new[] { "agent", "backups", "--config", $"{BackupPlacement.Configuration}/provost.yaml", "--site", context.SiteName };
        service["environment"] = Environment(context);
        service["healthcheck"] = Container.ScheduleCheck(context);
        service["labels"] = Labels(context);
        service["depends_on"] = new Map { [ComposeNames.SecretsService] = Container.Ended() };
        // The way out only for a destination that lies outside.
        service["networks"] = context.Site.Backup.Destinations.Values.Any(d => d.Bucket is not null) ? ["app", "data", "edge"] : new[] { "app", "data" };
        service["volumes"] = new List<Map>(
        [
            Container.Volume(ComposeNames.BackupWorkVolume, BackupPlacement.StateDirectory, copy: true),
            Container.Volume(ComposeNames.SecretsVolume(Replicas.Api), $"{BackupPlacement.StateDirectory}/secrets/{Replicas.Api}", readOnly: true),
            // It keeps its own keys there: that of the repositories and those of buckets.
            Container.Volume(ComposeNames.SecretsVolume(Secrets.Operator), $"{BackupPlacement.StateDirectory}/secrets/{Secrets.Operator}"),
            Container.Volume(ComposeNames.BackupsVolume, BackupPlacement.Repositories, copy: true),
            .. context.Site.Backup.Destinations.Where(d => d.Value.Directory?.StartsWith('/') == true).Select(d => Directory(d.Value.Directory!, $"{BackupPlacement.Repositories}/{d.Key}")),
            .. context.EmbeddedRedis ? new[] { Container.Volume(context.DataVolume(Replicas.Redis), "/stores", readOnly: true) } : [],
            Container.File($"./{ConfigurationFile}", $"{BackupPlacement.Configuration}/provost.yaml"),
        ]);
        return service;
    }

    private static Map Environment(ComposeContext context)
    {
        var map = new Map();
        foreach (var (key, value) in context.BackupPlacement().Environment())
        {
            map[key] = value;
        }
        return map;
    }

    // A container sees the file that was there when it was started: another one starts another container.
    private static Map Labels(ComposeContext context)
    {
        var labels = PlatformServices.Labels(new Replica(ComposeNames.BackupService, 1));
        labels["provost.configuration"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context.Configuration)))[..16];
        return labels;
    }

    private static Map Directory(string source, string target) => new() { ["type"] = "bind", ["source"] = source, ["target"] = target };
}
