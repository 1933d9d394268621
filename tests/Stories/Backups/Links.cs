using System.Globalization;
using System.Text.Json;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;
using RunningInstallation = Provost.Harness.Installation;

namespace Provost.Stories.Backups;

/// <summary>What the stores of one backup say about each other.</summary>
/// <param name="Broken">Courses whose current snapshot lacks rows.</param>
/// <param name="Orphans">Courses that only the facts know.</param>
internal sealed record Links(int Courses, IReadOnlyList<string> Broken, IReadOnlyList<string> Orphans)
{
    public static BackupSite Site(RunningInstallation installation) => new(
        new Installation { Name = "story" }, "local", new StateDirectory(installation.StateDirectory), installation.Directory, null, null);

    /// <summary>Restores the backup to scratch stores and follows every reference between them.</summary>
    public static async Task<Links> FollowAsync(BackupSite site, Repository repository, string id, string folder)
    {
        var manifest = await repository.ReadManifestAsync(id, default);
        try
        {
            await using var stores = new ScratchStores(StorePrograms.Find(site), Path.Combine(folder, "scratch"), null, TimeProvider.System);
            await ScratchRestore.RestoreAsync(new BackupReader(repository, manifest), manifest, stores, new RestoreFolders(folder, Path.Combine(folder, "data")), default);
            await using var redis = await RedisLink.OpenAsync(stores.Redis!);
            using var clickHouse = new ClickHouseClient(stores.ClickHouse!);
            return await FollowAsync(redis, clickHouse);
        }
        finally
        {
            ScratchRestore.Remove(folder);
        }
    }

    private static async Task<Links> FollowAsync(RedisLink redis, ClickHouseClient clickHouse)
    {
        var rows = (await clickHouse.QueryAsync("SELECT course, version, count() FROM provost.students GROUP BY course, version", default))
            .ToDictionary(r => (r[0], long.Parse(r[1], CultureInfo.InvariantCulture)), r => int.Parse(r[2], CultureInfo.InvariantCulture));
        var courses = (await redis.Database.SetMembersAsync("courses")).Select(c => c.ToString()).ToHashSet();
        List<string> broken = [];
        foreach (var course in courses)
        {
            using var record = JsonDocument.Parse((byte[])(await redis.Database.HashGetAsync($"course:{course}", "record"))!);
            var (snapshot, students) = (record.RootElement.GetProperty("snapshot").GetInt64(), record.RootElement.GetProperty("students").GetInt32());
            if (students > 0 && rows.GetValueOrDefault((course, snapshot)) != students)
            {
                broken.Add($"{course} version {snapshot}: {rows.GetValueOrDefault((course, snapshot))} of {students} students");
            }
        }
        return new Links(courses.Count, broken, [.. rows.Keys.Select(k => k.Item1).Distinct().Where(c => !courses.Contains(c))]);
    }
}
