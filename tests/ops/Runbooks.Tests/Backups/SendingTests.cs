using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Tests.Backups;

public sealed class SendingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_pass_at_the_rate_that_was_set_and_what_was_not_used_is_not_saved_up()
    {
        var time = new FakeTimeProvider();
        var bandwidth = new Bandwidth(1000, time);

        await bandwidth.TakeAsync(1000, Stop);
        var second = bandwidth.TakeAsync(500, Stop);
        var third = bandwidth.TakeAsync(500, Stop);
        time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await second.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.False(third.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.5));
        await third.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        time.Advance(TimeSpan.FromMinutes(1));
        await bandwidth.TakeAsync(1000, Stop);
        Assert.False(bandwidth.TakeAsync(1, Stop).IsCompleted);
    }

    [Fact]
    public async Task Without_a_rate_nothing_waits()
    {
        var bandwidth = new Bandwidth(null, new FakeTimeProvider());

        Assert.True(bandwidth.TakeAsync(int.MaxValue, Stop).IsCompleted);
        await bandwidth.TakeAsync(int.MaxValue, Stop);
    }

    [Fact]
    public async Task A_backup_that_goes_on_after_an_interruption_sends_and_counts_only_what_is_not_there_yet()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 60_000);
        var half = made.Files.Take(made.Files.Count / 2).ToDictionary();

        var whole = await WriteAsync(made, "whole", made.Files);
        var interrupted = await WriteAsync(made, "resumed", half);
        var rest = await WriteAsync(made, "resumed", made.Files);

        Assert.InRange(interrupted, 1, whole - 1);
        Assert.Equal(whole, interrupted + rest);
        Assert.Equal(0, await WriteAsync(made, "resumed", made.Files));
    }

    [Fact]
    public async Task A_file_that_an_earlier_backup_knows_by_its_key_is_read_only_where_a_chunk_of_it_is_not_there()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 60_000);
        var content = made.Files.Values.MaxBy(bytes => bytes.Length)!;
        var (one, other) = (await TargetAsync(made, "one"), await TargetAsync(made, "other"));
        var read = 0;
        SourceFile Source(string name, string key) => new(name, () =>
        {
            read++;
            return new MemoryStream(content, writable: false);
        }, key);
        var first = await new BackupWriter(made.Keys, [one], []).WriteAsync([Source("part_1/a.bin", "A"), Source("b.bin", "B")], Stop);

        var again = await new BackupWriter(made.Keys, [one], first).WriteAsync([Source("part_2/a.bin", "A")], Stop);
        Assert.Equal(2, read);
        Assert.Equal("part_2/a.bin", again.Single().Path);
        Assert.Equal(first.Single(e => e.Key == "A").Chunks, again.Single().Chunks);

        await new BackupWriter(made.Keys, [one], again).WriteAsync([Source("part_2/a.bin", "another content")], Stop);
        Assert.Equal(3, read);

        await new BackupWriter(made.Keys, [one, other], again).WriteAsync([Source("part_2/a.bin", "A")], Stop);
        Assert.Equal(4, read);
        Assert.True(other.NewBytes > 0);
    }

    /// <returns>New bytes, of a run that ended before its commit.</returns>
    private static async Task<long> WriteAsync(MadeRepository made, string folder, Dictionary<string, byte[]> files)
    {
        var target = await TargetAsync(made, folder);
        await new BackupWriter(made.Keys, [target], []).WriteAsync([.. files.Select(f => SourceFile.Of(f.Key, f.Value))], Stop);
        return target.NewBytes;
    }

    private static async Task<WriterTarget> TargetAsync(MadeRepository made, string folder)
    {
        var repository = await Repository.OpenOrCreateAsync(new DirectoryStore(Path.Combine(made.Folder, folder)), made.Keys, made.Time, Stop);
        var target = new WriterTarget(folder, repository, new Bandwidth(null, made.Time));
        await target.LoadAsync([], Stop);
        return target;
    }
}
