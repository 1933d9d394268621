using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images;

/// <summary>Gets the images that a site runs into the engine, before anything of the site is touched.</summary>
internal static class ImageFetch
{
    public static async Task RunAsync(DockerEngine engine, IReadOnlyList<string> references, Action<string> line, CancellationToken cancellation)
    {
        foreach (var reference in references)
        {
            var name = ImageReference.Parse(reference);
            var wanted = name.ForEngine();
            if (await engine.InspectAsync(wanted, cancellation) is not null)
            {
                continue;
            }
            if (name.Registry is null)
            {
                throw new OperationError(ErrorKind.Machine, $"the engine has no image {reference}, and it is in no registry", "build it: provost images build; or push the images, which records where they are: provost images push");
            }
            line($"pulling {wanted}");
            await engine.PullAsync(wanted, cancellation);
        }
    }
}
