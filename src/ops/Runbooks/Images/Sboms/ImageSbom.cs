using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>Reads an image and writes its bill of materials.</summary>
public static class ImageSbom
{
    public static async Task<string> RunAsync(ImageSource source, string version, CancellationToken cancellation)
    {
        await using var image = await source.OpenAsync(cancellation);
        var contents = await ImageContents.ReadAsync(image.Saved, Inventory.IsRecord, (_, _) => { }, cancellation);
        var id = OciLayout.Digest(image.Saved.Configuration.Span);
        return CycloneDx.Write(source.Name, version, id, (string?)image.Saved.Config["created"] ?? "1970-01-01T00:00:00Z", Inventory.Read(contents, ReproducibleImage.BaseLayersOf(image.Saved.Config)));
    }
}
