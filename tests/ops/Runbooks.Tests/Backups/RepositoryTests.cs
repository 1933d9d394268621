using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Pruning;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

public sealed class RepositoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read_back_byte_for_byte()
    {
        using var made = await MadeRepository.CreateAsync(largest: 6_000_000);
        var repository = await made.OpenAsync();
        var reader = new BackupReader(repository, await repository.ReadManifestAsync(made.Manifests[^1].Id, Stop));
        var folder = Path.Combine(made.Folder, "read");

        await reader.CheckAsync(Stop);
        await reader.ExtractAsync("", folder, Stop);

        Assert.Equal(made.Files.Keys.Order(), Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order());
        Assert.All(made.Files, file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(folder, file.Key))));
    }

    [Fact]
    public async Task A_second_backup_costs_what_is_new_also_in_the_middle_of_a_large_file()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 8_000_000);
        var (name, large) = made.Files.MaxBy(f => f.Value.Length);
        made.Files[name] = [.. large[..(large.Length / 2)], 1, 2, 3, .. large[(large.Length / 2)..]];

        await made.BackUpAsync();

        var (first, second) = ((await made.OpenAsync()).Catalog.Backups[0], (await made.OpenAsync()).Catalog.Backups[1]);
        Assert.InRange(second.NewBytes, 1, Chunker.Largest + 100_000);
        Assert.True(second.NewBytes < first.NewBytes / 4, $"{second.NewBytes} new after {first.NewBytes}");
    }

    [Fact]
    public async Task Nothing_that_lies_in_it_can_be_read_without_the_key()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        made.Files["config/provost.yaml"] = "a sentence that nobody shall find"u8.ToArray();
        await made.BackUpAsync();

        Assert.All(
            Directory.EnumerateFiles(made.Store.Place, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("nobody shall find", File.ReadAllText(file), StringComparison.Ordinal));
        using var other = new RepositoryKeys(new byte[RepositoryKeys.SeedLength]);
        var refused = await Assert.ThrowsAsync<OperationError>(() => Repository.OpenAsync(made.Store, other, Stop));
        Assert.Contains("another key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kit_alone_opens_it_and_another_kit_does_not()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var typed = RecoveryKit.Parse($"RECOVERY KIT of somewhere\n\n  {made.Kit.Text().ToLowerInvariant().Replace('0', 'o')}\n\nkeep it");

        using var keys = await typed.OpenAsync(made.Store, Stop);

        Assert.Equal(made.Keys.PublicKey, keys.PublicKey);
        await Assert.ThrowsAsync<OperationError>(() => RecoveryKit.Create().OpenAsync(made.Store, Stop));
    }

    [Fact]
    public void A_typing_error_in_a_kit_is_found()
    {
        var text = RecoveryKit.Create().Text();
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var at = random.Next("PROVOST-KIT-1-".Length, text.Length);
            var wrong = text[at] == '-' ? text.Remove(at - 1, 1) : text.Remove(at, 1).Insert(at, text[at] == 'A' ? "B" : "A");
            Assert.Throws<OperationError>(() => RecoveryKit.Parse(wrong));
        }
    }

    [Fact]
    public async Task A_place_that_holds_something_else_is_never_made_a_repository()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        File.Delete(Path.Combine(made.Store.Place, RepositorySettings.Name));

        var refused = await Assert.ThrowsAsync<OperationError>(() => Repository.OpenOrCreateAsync(made.Store, made.Keys, made.Time, Stop));

        Assert.Contains("is not empty, and is no repository", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_format_is_named_as_such()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var file = Path.Combine(made.Store.Place, RepositorySettings.Name);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Stop)).Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal), Stop);

        var refused = await Assert.ThrowsAsync<OperationError>(made.OpenAsync);

        Assert.Contains("format 9", refused.Message, StringComparison.Ordinal);
        Assert.Contains("update provost", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_writer_is_refused_while_the_first_lives_and_takes_over_when_it_died()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        await using (await RepositoryLock.TakeAsync(made.Store, "first", made.Time, Stop))
        {
            var refused = await Assert.ThrowsAsync<OperationError>(() => RepositoryLock.TakeAsync(made.Store, "second", made.Time, Stop));
            Assert.Contains("first", refused.Message, StringComparison.Ordinal);
        }
        var dead = new LockNote("x", Environment.MachineName, "killed", new ProcessIdentity(999_999_999, 1, ProcessTable.Identify(Environment.ProcessId)!.Boot), made.Time.GetUtcNow(), made.Time.GetUtcNow().AddDays(1));
        await made.Store.WriteAsync(ObjectNames.Lock, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(dead, RepositoryJson.Default.LockNote), Stop);

        await using var second = await RepositoryLock.TakeAsync(made.Store, "second", made.Time, Stop);
    }

    [Fact]
    public async Task Whoever_comes_while_a_brief_writer_is_at_work_waits_for_it_and_not_for_ever()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1);
        var brief = await RepositoryLock.TakeAsync(made.Store, "backup erasures", made.Time, Stop, brief: true);
        var waiting = RepositoryLock.TakeAsync(made.Store, "second", made.Time, Stop);
        made.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(50, Stop);
        Assert.False(waiting.IsCompleted);

        await brief.DisposeAsync();
        await (await AdvancedAsync(made, waiting)).DisposeAsync();

        await using var stuck = await RepositoryLock.TakeAsync(made.Store, "stuck", made.Time, Stop, brief: true);
        var refused = await Assert.ThrowsAsync<OperationError>(() => AdvancedAsync(made, RepositoryLock.TakeAsync(made.Store, "third", made.Time, Stop)));
        Assert.Contains("stuck", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<RepositoryLock> AdvancedAsync(MadeRepository made, Task<RepositoryLock> taking)
    {
        while (!taking.IsCompleted)
        {
            made.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Stop);
        }
        return await taking;
    }

    [Fact]
    public void Retention_keeps_the_newest_of_each_period_and_drops_the_rest()
    {
        var backups = Enumerable.Range(0, 800).Select(day => new DateTimeOffset(2024, 1, 1, 2, 30, 0, TimeSpan.Zero).AddDays(day))
            .Select(at => new BackupEntry(at.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), at, "made", "local", "0.1.0", 1, 1)).ToList();

        var kept = Retention.Of(backups, new Keep { Last = 3, Daily = 7, Weekly = 5, Monthly = 12, Yearly = 3 }).Where(b => b.IsKept).Select(b => b.Id).ToList();

        Assert.Equal(backups[^1].Id, kept[^1]);
        Assert.Equal(backups[^7..].Select(b => b.Id), kept[^7..]);
        Assert.Contains("20241231", kept);
        Assert.Contains("20250831", kept);
        Assert.DoesNotContain("20250830", kept);
        Assert.InRange(kept.Count, 20, 25);
    }
}
