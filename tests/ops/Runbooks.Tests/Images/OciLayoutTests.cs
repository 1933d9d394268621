using System.IO.Compression;
using System.Text;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Tests.Images;

public sealed class OciLayoutTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-layout-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_layer_is_stored_whole_under_the_digest_of_its_bytes()
    {
        var layout = new OciLayout(folder.FullName);
        var bytes = new byte[3 << 20];
        new Random(1).NextBytes(bytes);

        var blob = await layout.WriteLayerAsync(OciLayout.Digest(bytes), () => new MemoryStream(bytes), TestContext.Current.CancellationToken);

        var stored = await File.ReadAllBytesAsync(layout.BlobPath(blob.Digest), TestContext.Current.CancellationToken);
        Assert.Equal((blob.Digest, blob.Bytes), (OciLayout.Digest(stored), stored.LongLength));
        using var unpacked = new MemoryStream();
        await new GZipStream(new MemoryStream(stored), CompressionMode.Decompress).CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, unpacked.ToArray());
    }

    [Fact]
    public async Task A_layer_that_is_there_is_not_compressed_again()
    {
        var layout = new OciLayout(folder.FullName);
        var first = await WriteAsync(layout, "a");

        var second = await layout.WriteLayerAsync(OciLayout.Digest("a"u8), () => throw new InvalidOperationException("read again"), TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_layer_that_was_cut_off_is_compressed_again()
    {
        var layout = new OciLayout(folder.FullName);
        var first = await WriteAsync(layout, "a");
        await File.WriteAllTextAsync(layout.BlobPath(first.Digest), "", TestContext.Current.CancellationToken);

        Assert.Equal(first, await WriteAsync(layout, "a"));
        Assert.Equal(first.Bytes, new FileInfo(layout.BlobPath(first.Digest)).Length);
    }

    [Fact]
    public async Task What_no_image_has_any_more_is_swept()
    {
        var layout = new OciLayout(folder.FullName);
        var (old, kept) = (await WriteAsync(layout, "old"), await WriteAsync(layout, "kept"));
        layout.WriteManifest("provost/x:1.0.0", layout.Write("{}"u8.ToArray()), [old]);
        var manifest = layout.WriteManifest("provost/x:1.0.0", layout.Write("{}"u8.ToArray()), [kept]);

        layout.Sweep();

        Assert.False(File.Exists(layout.BlobPath(old.Digest)));
        Assert.True(File.Exists(layout.BlobPath(kept.Digest)));
        Assert.Equal(manifest.Digest, Assert.Single(layout.Images()).Value);
    }

    [Fact]
    public void Two_builds_at_once_are_refused()
    {
        using var first = new OciLayout(folder.FullName).Lock();

        Assert.Contains("another build", Assert.Throws<OperationError>(() => new OciLayout(folder.FullName).Lock()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blob_with_other_bytes_than_its_name_says_is_refused()
    {
        var layout = new OciLayout(folder.FullName);
        var blob = layout.Write("{}"u8.ToArray());
        File.WriteAllText(layout.BlobPath(blob.Digest), "{ }");

        Assert.Contains("holds other bytes", Assert.Throws<OperationError>(() => layout.ReadJson(blob.Digest)).Message, StringComparison.Ordinal);
    }

    private static Task<Blob> WriteAsync(OciLayout layout, string text) =>
        layout.WriteLayerAsync(OciLayout.Digest(Encoding.UTF8.GetBytes(text)), () => new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);
}
