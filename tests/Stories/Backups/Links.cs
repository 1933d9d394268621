using System.Globalization;
using System.Text.Json;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Backups.Stores;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;
using StackExchange.Redis;
using RunningInstallation = Provost.Harness.Installation;

namespace Provost.Stories.Backups;

/// <summary>What the stores of one backup say about each other.</summary>
/// <param name="Followed">References that were looked up.</param>
/// <param name="Broken">References to something that the backup lacks.</param>
/// <param name="Orphans">Rows that nothing refers to.</param>
internal sealed record Links(int Courses, long Followed, IReadOnlyList<string> Broken, IReadOnlyList<string> Orphans)
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
            await ScratchRestore.RestoreAsync(new BackupReader(repository, manifest), manifest, stores, new RestoreFolders(folder, Path.Combine(folder, "data")), null, default);
            await using var redis = await RedisLink.OpenAsync(stores.Redis!);
            using var clickHouse = new ClickHouseClient(stores.ClickHouse!);
            return await new LinkWalk(redis.Database, clickHouse).FollowAsync();
        }
        finally
        {
            ScratchRestore.Remove(folder);
        }
    }
}

/// <summary>
/// Course record -> its students, assessments and cells; cell -> student and assessment of its snapshot; student -> name;
/// account -> course; erasure ledger -> nobody. An erasure is several commits: whoever is marked as erased may be half gone.
/// </summary>
internal sealed class LinkWalk(IDatabase redis, ClickHouseClient clickHouse)
{
    private readonly List<string> broken = [];
    private readonly List<string> orphans = [];
    private long followed;

    public async Task<Links> FollowAsync()
    {
        var students = await RowsAsync("students", "student");
        var assessments = await RowsAsync("assessments", "assessment");
        var cells = (await clickHouse.QueryAsync("SELECT DISTINCT course, version, student, assessment FROM provost.cells", default)).ToLookup(r => (r[0], Number(r[1])), r => (Student: r[2], Assessment: r[3]));
        var courses = (await redis.SetMembersAsync("courses")).Select(c => c.ToString()).ToHashSet();
        foreach (var course in courses)
        {
            await FollowAsync(course, students, assessments, cells);
        }
        foreach (var (course, version) in students.Select(g => g.Key).Concat(assessments.Select(g => g.Key)).Concat(cells.Select(g => g.Key)).Distinct().Where(k => !courses.Contains(k.Item1)))
        {
            orphans.Add($"{course} version {version}: no such course");
        }
        await FollowAccountsAsync(courses);
        await FollowErasuresAsync(students.Concat(Students(cells)).SelectMany(g => g.Select(student => $"{g.Key.Course}/{student}")).ToHashSet());
        return new Links(courses.Count, followed, broken, orphans);
    }

    private async Task FollowAsync(
        string course, ILookup<(string Course, long Version), string> students, ILookup<(string Course, long Version), string> assessments, ILookup<(string, long), (string Student, string Assessment)> cells)
    {
        using var record = JsonDocument.Parse((byte[])(await redis.HashGetAsync($"course:{course}", "record"))!);
        var (snapshot, expected) = (record.RootElement.GetProperty("snapshot").GetInt64(), record.RootElement.GetProperty("students").GetInt32());
        var erased = (await redis.SetMembersAsync($"erased:{course}")).Select(s => s.ToString()).ToHashSet();
        var names = (await redis.HashKeysAsync($"names:{course}")).Select(n => n.ToString()).ToHashSet();
        var here = students[(course, snapshot)].ToHashSet();
        Follow(expected - here.Count is var missing && missing >= 0 && missing <= erased.Count, $"{course} version {snapshot}: {here.Count} of {expected} students, {erased.Count} erased");
        Follow(assessments[(course, snapshot)].Count() == record.RootElement.GetProperty("assessments").GetInt32(), $"{course} version {snapshot}: {assessments[(course, snapshot)].Count()} assessments");
        Follow(here.Count == 0 || cells[(course, snapshot)].Any(), $"{course} version {snapshot}: {here.Count} students without a cell");
        foreach (var student in here)
        {
            Follow(names.Contains(student) || erased.Contains(student), $"{course}: {student} has no name");
        }
        // Rows of other versions are those of imports on their way, which no record names yet.
        var what = assessments[(course, snapshot)].ToHashSet();
        foreach (var (student, assessment) in cells[(course, snapshot)])
        {
            followed += 2;
            if ((!here.Contains(student) && !erased.Contains(student)) || !what.Contains(assessment))
            {
                orphans.Add($"{course} version {snapshot}: a cell of {student} in {assessment}");
            }
        }
    }

    private async Task FollowAccountsAsync(HashSet<string> courses)
    {
        foreach (var account in await redis.SetMembersAsync("accounts"))
        {
            var fields = (await redis.HashKeysAsync($"account:{account}")).Select(f => f.ToString()).ToList();
            Follow(fields.Count > 0, $"the account {account} is empty");
            foreach (var course in fields.Where(f => f.StartsWith("in:", StringComparison.Ordinal)).Select(f => f[3..]))
            {
                Follow(courses.Contains(course), $"{account} is in {course}, which is not there");
            }
        }
    }

    private async Task FollowErasuresAsync(HashSet<string> present)
    {
        foreach (var line in await redis.ListRangeAsync("erasures"))
        {
            using var erasure = JsonDocument.Parse((byte[])line!);
            foreach (var student in erasure.RootElement.GetProperty("students").EnumerateArray().Select(s => s.GetString()!))
            {
                var (course, key) = (student.Split('/', 2)[0], student.Split('/', 2)[1]);
                Follow(!present.Contains(student), $"{student} was erased and has rows");
                Follow(!await redis.HashExistsAsync($"names:{course}", key), $"{student} was erased and has a name");
            }
        }
    }

    private async Task<ILookup<(string Course, long Version), string>> RowsAsync(string table, string column) =>
        (await clickHouse.QueryAsync($"SELECT course, version, {column} FROM provost.{table}", default)).ToLookup(r => (r[0], Number(r[1])), r => r[2]);

    private static IEnumerable<IGrouping<(string Course, long Version), string>> Students(ILookup<(string Course, long Version), (string Student, string Assessment)> cells) =>
        cells.SelectMany(g => g.Select(cell => (g.Key, cell.Student))).GroupBy(x => x.Key, x => x.Student);

    private void Follow(bool holds, string problem)
    {
        followed++;
        if (!holds)
        {
            broken.Add(problem);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
