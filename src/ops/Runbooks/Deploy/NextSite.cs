using Provost.Rendering.Process;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>What is to run on a site of plain processes once a deployment is done.</summary>
/// <param name="Installed">The release that the new replicas are of.</param>
/// <param name="Files">Rendered files that go with it, by path.</param>
internal sealed record NextSite(SiteSpec Spec, string Installed, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Notes)
{
    public static async Task<NextSite> RenderAsync(DeployRequest request, SiteSpec old, ReleaseManifest manifest, TimeProvider time, CancellationToken cancellation)
    {
        var (state, site) = (request.State, request.Installation.Sites[request.Site]);
        var beside = Replicas.Beside(site, [.. old.Replicas.Select(r => r.Id)]);
        var numbers = SiteRendering.Numbers(old).Where(n => !request.Only.Contains(n.Key)).Concat(beside.Where(b => request.Only.Contains(b.Key))).ToDictionary();
        var (installation, differs) = PublicAddress.Keep(request.Installation, request.Site, old);
        var (next, files) = SiteRendering.Render(new SiteRequest(installation, request.Site, state, request.Release, request.Release, numbers, Runs: true));
        // Stores are left as they run: they hold the data, and starting them anew is noticed.
        var kept = old.Replicas.Where(r => SiteRendering.IsStore(r) ? !request.Stores : !request.Only.Contains(r.Service)).ToDictionary(r => r.Id);
        List<string> notes = differs ? [PublicAddress.Note] : [];
        if (!request.Stores && SiteRendering.StoresRelease(old) is { } from && from != request.Release && ReleaseFolder.IsInstalled(state, from)
            && (await ReleaseManifest.OfAsync(state, from, time, cancellation)).Artefacts["Stores"] != manifest.Artefacts["Stores"])
        {
            notes.Add($"the stores still run from {from}; renew them at a quiet moment: provost deploy --stores");
        }
        var live = request.Only.Contains(Replicas.Api) ? next.Release : old.Release;
        return new NextSite(next with { Release = live, Replicas = [.. next.Replicas.Select(r => kept.GetValueOrDefault(r.Id, r))] }, request.Release, files, notes);
    }
}
