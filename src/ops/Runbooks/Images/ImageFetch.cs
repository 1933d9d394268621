using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images;

/// <summary>Gets the images that a site runs into the engine, before anything of the site is touched.</summary>
/// <param name="registry">The registry that provost.yaml configures, with its account; null for what the engine itself knows.</param>
internal sealed class ImageFetch(DockerEngine engine, RegistryAddress? registry)
{
    public async Task RunAsync(IReadOnlyList<string> references, Action<string> line, CancellationToken cancellation)
    {
        var missing = await MissingAsync(references, cancellation);
        var (ours, others) = (missing.Where(IsOurs).ToList(), missing.Where(name => !IsOurs(name)).ToList());
        if (ours.Count > 0)
        {
            await RequireAsync(ours, cancellation);
            using var account = EngineAccount.Of(registry!, EngineAccount.Users);
            await PullAsync(engine.With(account.Settings), ours, $" from the registry of provost.yaml ({registry!.Origin.Key})", line, cancellation);
        }
        await PullAsync(engine, others, "", line, cancellation);
    }

    // Without an account the engine pulls as its user is signed in.
    private bool IsOurs(ImageReference name) => registry?.User is not null && name.Registry == registry.Host;

    private async Task<List<ImageReference>> MissingAsync(IReadOnlyList<string> references, CancellationToken cancellation)
    {
        List<ImageReference> missing = [];
        foreach (var name in references.Select(ImageReference.Parse))
        {
            if (await engine.InspectAsync(name.ForEngine(), cancellation) is not null)
            {
                continue;
            }
            missing.Add(name.Registry is not null ? name : throw new OperationError(
                ErrorKind.Machine, $"the engine has no image {name}, and it is in no registry", "build it: provost images build; or push the images, which records where they are: provost images push"));
        }
        return missing;
    }

    // All are there before the first is pulled; the registry says more clearly than the engine what is wrong.
    private async Task RequireAsync(List<ImageReference> names, CancellationToken cancellation)
    {
        using var connection = new RegistryConnection(registry!);
        await connection.RequireAsync(cancellation);
        foreach (var name in names)
        {
            if (await new RegistryRepository(connection, name.Repository).ManifestAsync(name.Digest ?? name.Tag ?? "", cancellation) is null)
            {
                throw new OperationError(
                    ErrorKind.Failed, $"the registry {registry!.Host} does not have {name.Repository} with {name.Digest ?? name.Tag}", "push what the lock file names: provost images push; or correct the lock file");
            }
        }
    }

    private static async Task PullAsync(DockerEngine engine, List<ImageReference> names, string from, Action<string> line, CancellationToken cancellation)
    {
        foreach (var wanted in names.Select(name => name.ForEngine()))
        {
            line($"pulling {wanted}{from}");
            await engine.PullAsync(wanted, cancellation);
        }
    }
}
