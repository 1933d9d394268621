using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>The erasure ledger of the installation that stands where something is restored: it may know more than any backup.</summary>
internal sealed class LivingErasures(BackupSite site, StorePrograms programs, Action<string> say, TimeProvider time)
{
    /// <summary>The list of the platform's state that is the ledger.</summary>
    public const string Key = "erasures";
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>From the platform when it answers; when it does not, from a copy of what its Redis left on the disk.</summary>
    /// <param name="folder">For that copy.</param>
    public async Task<IReadOnlyList<string>> ReadAsync(string folder, CancellationToken cancellation)
    {
        if (await AskAsync(cancellation) is { } lines)
        {
            return lines;
        }
        var data = Path.Combine(site.State.Data, Replicas.Redis);
        if (site.Placement is not null || !Directory.Exists(data) || !Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Any())
        {
            // It is gone: that is why somebody restores.
            return [];
        }
        try
        {
            return await ReadAsync(data, folder, cancellation);
        }
        catch (Exception e) when (e is OperationError or IOException)
        {
            say($"WARNING: the erasure ledger below {data} cannot be read ({e.Message}): whoever was erased after the newest backup, or after the last provost backup erasures, comes back and must be erased again");
            return [];
        }
    }

    private async Task<IReadOnlyList<string>?> AskAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerLimit);
        try
        {
            using var platform = site.Platform();
            return await platform.ErasuresAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationError || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string data, string folder, CancellationToken cancellation)
    {
        var copy = Path.Combine(folder, "redis");
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, PrivateFiles.DirectoryMode);
            File.Copy(file, target);
        }
        var kind = InstallationMarker.Read(site.State)?.EmbeddedRedis == true ? RedisKind.Garnet : RedisKind.Aof;
        await using var stores = new ScratchStores(programs, Path.Combine(folder, "scratch"), null, time);
        await using var redis = await stores.StartRedisAsync(kind, copy, cancellation);
        return [.. (await RedisLink.AskAsync(() => redis.Database.ListRangeAsync(Key))).Select(line => line.ToString())];
    }
}
