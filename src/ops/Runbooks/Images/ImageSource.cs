using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images;

/// <summary>An image to look into: one that was built here, or any that the engine has.</summary>
public sealed class ImageSource(string name, string? dockerfile, Func<string, CancellationToken, Task<SavedImage>> unpack)
{
    public string Name => name;

    public string? Dockerfile => dockerfile;

    public async Task<OpenImage> OpenAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("provost-image-");
        try
        {
            return new(await unpack(folder.FullName, cancellation), folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public static ImageSource OfLayout(OciLayout layout, string name, string digest, string? dockerfile) => new(name, dockerfile, (_, _) =>
    {
        var manifest = layout.ReadJson(digest);
        return Task.FromResult(new SavedImage(
            layout.ReadVerified((string)manifest["config"]!["digest"]!),
            [.. manifest["layers"]!.AsArray().Select(layer => layout.BlobPath((string)layer!["digest"]!))]));
    });

    public static ImageSource OfEngine(DockerEngine engine, string reference) => new(reference, null, async (folder, cancellation) =>
    {
        await engine.RequireAsync(cancellation);
        var path = Path.Combine(folder, "saved.tar");
        await using var archive = File.Create(path, 1 << 20);
        await engine.SaveAsync(reference, archive, cancellation);
        archive.Position = 0;
        return await SavedImage.UnpackAsync(archive, folder, cancellation);
    });
}

/// <summary>An image in files that go with it.</summary>
public sealed class OpenImage(SavedImage saved, DirectoryInfo folder) : IAsyncDisposable
{
    public SavedImage Saved => saved;

    /// <summary>The image as a file that <c>docker load</c> and scanners read.</summary>
    public async Task<string> ArchiveAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(folder.FullName, "archive.tar");
        if (File.Exists(path))
        {
            return path;
        }
        List<Layer> layers = [];
        foreach (var (digest, index) in saved.LayerDigests.Select((digest, index) => (digest, index)))
        {
            var layer = Path.Combine(folder.FullName, $"plain-{index}");
            await using var from = saved.OpenLayer(index);
            await using var to = File.Create(layer, 1 << 20);
            await from.CopyToAsync(to, cancellation);
            layers.Add(new(digest, () => File.OpenRead(layer), IsBase: false));
        }
        await using var archive = File.Create(path, 1 << 20);
        await DockerArchive.WriteAsync(archive, saved.Configuration.ToArray(), layers, ["provost/scanned:0.0.0"], cancellation);
        return path;
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
