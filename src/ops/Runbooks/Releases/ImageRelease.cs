using Provost.Runbooks.Images;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Releases;

/// <summary>A release of a site of containers: which images, by names that mean the same bytes for as long as it is kept.</summary>
public static class ImageRelease
{
    private const int IdLength = 12;
    private static readonly string[] OfOthers = ["redis", "clickhouse"];

    /// <summary>Notes the release among those that can be deployed and returned to; the engine has its images.</summary>
    /// <param name="live">The release that runs.</param>
    public static async Task<ReleaseManifest> KeepAsync(StateDirectory state, DeployedImages images, Site site, string? live, TimeProvider time, CancellationToken cancellation)
    {
        var engine = new DockerEngine();
        var run = images.Run(site);
        Dictionary<string, string> artefacts = new(StringComparer.Ordinal);
        foreach (var (name, reference) in images.References.Where(r => r.Key != "sdk"))
        {
            artefacts[name] = OfOthers.Contains(name) || !run.Contains(reference) ? reference : await LastingNameAsync(engine, reference, cancellation);
        }
        if (ReleaseFolder.IsInstalled(state, images.Release) && await ReleaseManifest.OfAsync(state, images.Release, time, cancellation) is var kept
            && kept.Artefacts.OrderBy(a => a.Key, StringComparer.Ordinal).SequenceEqual(artefacts.OrderBy(a => a.Key, StringComparer.Ordinal)))
        {
            return kept;
        }
        var manifest = new ReleaseManifest(
            images.Release, time.GetUtcNow(), $"{Environment.UserName}@{Environment.MachineName}", artefacts, await SchemaAsync(engine, artefacts["backend"], cancellation));
        ReleaseFolder.Keep(state, manifest, live, site.Releases.Keep);
        return manifest;
    }

    // A tag of a build that no registry has moves with the next build: this one is made for the release and stays.
    private static async Task<string> LastingNameAsync(DockerEngine engine, string reference, CancellationToken cancellation)
    {
        var name = ImageReference.Parse(reference);
        if (name.Digest is not null)
        {
            return reference;
        }
        var id = (string?)(await engine.InspectAsync(reference, cancellation))?["Id"] ?? throw new OperationError(
            ErrorKind.Machine, $"the engine has no image {reference}", "build it: provost images build");
        var lasting = (name with { Tag = $"{name.Tag}-{id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..][..IdLength]}" }).ToString();
        await engine.OutputAsync(["tag", reference, lasting], cancellation);
        return lasting;
    }

    // The service itself knows.
    private static async Task<SchemaRange> SchemaAsync(DockerEngine engine, string backend, CancellationToken cancellation)
    {
        var (exit, lines) = await engine.TryAsync(["run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", backend, "schema"], cancellation);
        return ReleaseManifest.Range(exit, lines, backend);
    }
}
