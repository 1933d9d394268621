using Provost.Harness;

namespace Provost.Stories.Harness;

/// <summary>A file system in memory for an installation's state, which can be filled to the last byte. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Size = "3g";
    private const long Margin = 8 << 20;
    private static readonly byte[] Piece = new byte[4096];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("provost-disk-").FullName;

    private string Filler => Path.Combine(folder, "filler");

    public async Task MountAsync(string directory)
    {
        (await Command.RunAsync("mount", "/", Limit, "-t", "tmpfs", "-o", $"size={Size},mode=0700", "tmpfs", folder)).MustSucceed();
        Directory.CreateSymbolicLink(Path.Combine(directory, ".provost"), folder);
    }

    /// <param name="free">Bytes that stay; 0 for none at all.</param>
    public void Fill(long free)
    {
        // Others write meanwhile: what is left after the large piece is taken bit by bit.
        var large = new DriveInfo(folder).AvailableFreeSpace - Math.Max(free, Margin);
        using var filler = new FileStream(Filler, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = large, BufferSize = 0 });
        filler.Position = large;
        while (free == 0 && TryWrite(filler))
        {
        }
    }

    public void Clear() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        (await Command.RunAsync("umount", "/", Limit, "-l", folder)).MustSucceed();
        Directory.Delete(folder);
    }

    private static bool TryWrite(FileStream filler)
    {
        try
        {
            filler.Write(Piece);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
