using Provost.Runbooks.Backups.Restoring;

namespace Provost.Runbooks.Tests.Backups;

public sealed class RestoredArchiveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_arrives_as_it_was_sent_and_for_its_owner_alone()
    {
        using var temporary = new Folders();
        var restored = temporary.Restored();
        using var archive = new MemoryStream();

        await RestoredArchive.WriteAsync(restored, archive, Stop);
        archive.Position = 0;
        var arrived = await RestoredArchive.ExtractAsync(archive, temporary.Into, Stop);

        Assert.Equal(restored with { Folder = temporary.Into, StateDirectory = Path.Combine(temporary.Into, ".provost"), Phases = [] }, arrived with { Phases = [] });
        Assert.Equal("name: north\n", await File.ReadAllTextAsync(Path.Combine(temporary.Into, "provost.yaml"), Stop));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(temporary.Into, ".provost/secrets/api/Names__Key")));
        Assert.Equal("data", new FileInfo(Path.Combine(temporary.Into, ".provost/link")).LinkTarget);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(temporary.Into, ".provost/empty")));
    }

    [Fact]
    public async Task An_archive_that_ends_too_early_is_no_restored_folder()
    {
        using var temporary = new Folders();
        using var archive = new MemoryStream();
        await RestoredArchive.WriteAsync(temporary.Restored(), archive, Stop);
        var whole = archive.ToArray();

        foreach (var length in new[] { 0, 512, whole.Length / 2 / 512 * 512 })
        {
            using var cut = new MemoryStream(whole[..length]);
            var error = await Assert.ThrowsAsync<OperationError>(() => RestoredArchive.ExtractAsync(cut, $"{temporary.Into}-{length}", Stop));
            Assert.Contains("did not arrive", error.Message, StringComparison.Ordinal);
        }
    }

    private sealed class Folders : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("provost-archive-").FullName;

        public string Into => Path.Combine(root, "into");

        public RestoredBackup Restored()
        {
            var folder = Path.Combine(root, "from");
            Write("provost.yaml", "name: north\n");
            Write(".provost/secrets/api/Names__Key", "key");
            Write(".provost/data/clickhouse/part.bin", new string('x', 300_000));
            Directory.CreateDirectory(Path.Combine(folder, ".provost/empty"));
            File.CreateSymbolicLink(Path.Combine(folder, ".provost/link"), "data");
            return new RestoredBackup("20260301T023000Z-abcdef", DateTimeOffset.UnixEpoch, folder, Path.Combine(folder, ".provost"), null, 300_000, 0, true, 1.5, []);

            void Write(string name, string text)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        public void Dispose() => Directory.Delete(root, recursive: true);
    }
}
