using Provost.Harness;
using Provost.Platform.Bench;
using Provost.Runbooks;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tests.Backups;
using Provost.Runbooks.Tools;

namespace Provost.Backup.Bench;

/// <summary>Single changes of backup files: how many our verify finds, beside what the stores' own tools find in their own backups.</summary>
internal sealed class NativeTools(Installation installation, FigureTable table, int mutations)
{
    private static readonly string[] Kinds = [.. Mutation.Kinds.Except(["manifest edit", "replay", Mutation.ManifestReplay])];

    private readonly BackupSite site = new(new(), "local", new StateDirectory(installation.StateDirectory), installation.Directory, null, null);

    public async Task CompareAsync()
    {
        using var client = new ClickHouseClient(RunningStores.Of(site).ClickHouse);
        var redis = Path.Combine(installation.StateDirectory, "data", "redis");
        var ours = await FoundAsync(Path.Combine(installation.Directory, ".provost-backups"), VerifyAsync);
        await AddAsync("redis-check-rdb", ours, await CutAsync(RedisKind.Rdb, redis), folder => ChecksAsync("redis-check-rdb", Path.Combine(folder, "dump.rdb")));
        await AddAsync("redis-check-aof", ours, await CutAsync(RedisKind.Aof, redis), folder => ChecksAsync("redis-check-aof", Path.Combine(folder, "appendonly.aof.manifest")));
        await client.ExecuteAsync("BACKUP DATABASE provost TO File('bench')", default);
        await AddAsync("ClickHouse RESTORE, then read of every row", ours, Path.Combine(client.Address.BackupDirectory!, "bench"), _ => RestoresAsync(client));
        Directory.Delete(Path.Combine(client.Address.BackupDirectory!, "bench"), recursive: true);
    }

    private async Task AddAsync(string tool, double ours, string files, Func<string, Task<bool>> passes) =>
        table.Add("single changes that provost backup verify misses", 100 - ours, "%", bar: 0, baseline: ($"{tool} misses", 100 - await FoundAsync(files, passes)));

    /// <summary>Per cent of the changes after which the files no longer pass.</summary>
    private async Task<double> FoundAsync(string files, Func<string, Task<bool>> passes)
    {
        if (!await passes(files))
            throw new InvalidOperationException($"{files} does not pass as it is: nothing to compare");
        var (random, found, done) = (new Random(42), 0, 0);
        for (var i = 0; done < mutations; i++)
        {
            if (Mutation.Apply(Kinds[i % Kinds.Length], files, [], random) is not { } mutation)
                continue;
            done++;
            found += await passes(files) ? 0 : 1;
            mutation.Undo();
        }
        return 100.0 * found / mutations;
    }

    private async Task<bool> VerifyAsync(string repository)
    {
        try
        {
            using var opened = await OpenedRepositories.OpenAsync(site, site.Places(), null, default);
            return (await RepositoryCheck.RunAsync(opened.Opened[0].Repository, 0, default)).Problems.Count == 0;
        }
        catch (OperationError)
        {
            return false;
        }
    }

    /// <summary>A copy of what the living server has: its own files are nobody's to change.</summary>
    private async Task<string> CutAsync(RedisKind kind, string data)
    {
        await using var redis = await RedisLink.OpenAsync(RunningStores.Of(site).Redis);
        var folder = Directory.CreateDirectory(Path.Combine(installation.Directory, $"{kind}")).FullName;
        await using var cut = StateCut.Of(kind, redis, folder, data, TimeProvider.System);
        await cut.PrepareAsync(default);
        await cut.TakeAsync(default);
        await cut.CollectAsync(default);
        return folder;
    }

    private static async Task<bool> ChecksAsync(string tool, string file) => (await Shell.RunAsync(new Runbooks.Tools.Command(tool, [file]), null, default)).ExitCode == 0;

    private static async Task<bool> RestoresAsync(ClickHouseClient client)
    {
        try
        {
            await client.ExecuteAsync("DROP DATABASE IF EXISTS bench SYNC", default);
            await client.ExecuteAsync("RESTORE DATABASE provost AS bench FROM File('bench')", default);
            var tables = await client.QueryAsync("SELECT name FROM system.tables WHERE database = 'bench' ORDER BY name", default);
            foreach (var name in tables.Select(row => row[0]))
                await client.QueryAsync($"SELECT sum(cityHash64(*)) FROM bench.{name}", default);
            return tables.Count > 0;
        }
        catch (OperationError)
        {
            return false;
        }
    }
}
