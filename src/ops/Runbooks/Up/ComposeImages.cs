using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Up;

/// <summary>The images that a site of containers is to run.</summary>
public static class ComposeImages
{
    /// <summary>Those that the lock file names, or those of this checkout, with the steps that build what the engine does not have.</summary>
    public static async Task<(DeployedImages Images, IReadOnlyList<Step> Build)> OfAsync(ComposeUpRequest request, DockerEngine engine, CancellationToken cancellation)
    {
        if (request.Site.Checkout is not { } checkout)
        {
            throw new OperationError(ErrorKind.Machine, "this tool was installed without the sources that name the images", "run ./provost in a checkout");
        }
        var source = await SourceIdentity.ReadAsync(checkout.Root, cancellation);
        var lockFile = DeployedImages.LockFile(request.Site.Folder, checkout);
        var isChanged = source.Revision.EndsWith("-changed", StringComparison.Ordinal);
        // Each change is a release of its own, so that a rollback finds the one before.
        var tags = ImageTags.Parse(request.Version, isChanged ? $"{source.Revision}-{Build.Fingerprint(checkout)[..8]}" : source.Revision);
        var images = DeployedImages.Of(request.Site.Site, ImageLock.Read(lockFile), request.Prefix, tags);
        var own = images.References.Values.Where(r => r.StartsWith(request.Prefix + "/", StringComparison.Ordinal)).ToList();
        var missing = isChanged ? own : await MissingAsync(engine, own, cancellation);
        var options = new BuildOptions(checkout.Root, request.Prefix, tags, source.Address, source.Time);
        return (images, missing.Count == 0 ? [] : [new Step.BuildImages(options, Path.Combine(checkout.Root, "artifacts", "images"), lockFile)]);
    }

    private static async Task<List<string>> MissingAsync(DockerEngine engine, List<string> references, CancellationToken cancellation)
    {
        List<string> missing = [];
        foreach (var reference in references)
        {
            if (await engine.InspectAsync(reference, cancellation) is null)
            {
                missing.Add(reference);
            }
        }
        return missing;
    }
}
