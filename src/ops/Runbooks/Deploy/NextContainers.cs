using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>What is to run on a site of containers once a deployment is done.</summary>
/// <param name="Tree">All files, with the document as compose.yaml.</param>
internal sealed record NextContainers(ComposeDocument Document, RenderedTree Tree, string Installed, IReadOnlyList<string> Notes)
{
    private static readonly string[] Rolled = [Replicas.Api, Replicas.Web, Replicas.Gateway];

    public static NextContainers Render(DeployRequest request, ComposeDocument running, ReleaseManifest manifest, ComposeFiles files)
    {
        var site = request.Installation.Sites[request.Site];
        var beside = ComposeNames.Beside(site, [.. running.Services.Select(s => s.Replica).OfType<string>()]);
        var numbers = running.Numbers.Where(n => !request.Only.Contains(n.Key)).Concat(beside.Where(b => request.Only.Contains(b.Key))).ToDictionary();
        var tree = ComposeRenderer.Render(
            request.Installation, request.Site,
            new ComposeRequest(request.Release, ComposeFlavour.Production, manifest.Artefacts) { Configuration = request.Configuration, Numbers = numbers });
        var rendered = ComposeDocument.Read(tree.Text(ComposeProject.File));
        var document = rendered.Keep(running, part => IsKept(part, request));
        var present = request.Stores ? tree : files.WithPresent(tree, IsOfStore);
        var whole = new RenderedTree([.. present.Files.Select(f => f.Path == ComposeProject.File ? f with { Text = document.Text } : f)]);
        return new NextContainers(document, whole, request.Release, [.. Remarks(request, rendered, running)]);
    }

    public static bool IsStore(ComposePart part) => part.Service is Replicas.Redis or Replicas.ClickHouse;

    /// <summary>What serves nobody: it is renewed in place once all is done.</summary>
    public static bool IsBeside(ComposePart part) =>
        part.Name != ComposeNames.SecretsService && part.Service != ComposeNames.EdgeService && !IsStore(part) && !Rolled.Contains(part.Service);

    public static bool IsOfStore(string path) => path.StartsWith(Replicas.Redis + "/", StringComparison.Ordinal) || path.StartsWith(Replicas.ClickHouse + "/", StringComparison.Ordinal);

    // Stores hold the data, and the holder of the public socket the door: starting them anew is noticed.
    private static bool IsKept(ComposePart part, DeployRequest request) =>
        IsStore(part) ? !request.Stores
        : part.Service == ComposeNames.EdgeService || (Rolled.Contains(part.Service) ? !request.Only.Contains(part.Service!) : !request.Only.Contains(Replicas.Api));

    private static IEnumerable<string> Remarks(DeployRequest request, ComposeDocument rendered, ComposeDocument running)
    {
        var changed = rendered.Services.Where(s => running.Services.FirstOrDefault(r => r.Name == s.Name) is { } now && !now.SameButRelease(s)).ToList();
        if (!request.Stores && request.Only.Contains(Replicas.Api) && changed.Where(IsStore).Select(s => s.Name).ToList() is { Count: > 0 } stores)
        {
            yield return $"the stores go on as before, though the release or provost.yaml changes them ({string.Join(", ", stores)}); renew them at a quiet moment: provost deploy --stores";
        }
        if (changed.Find(s => s.Service == ComposeNames.EdgeService) is { } edge && !edge.DiffersInImageAlone(running.Services.First(r => r.Name == edge.Name)))
        {
            yield return PublicAddress.Note;
        }
    }
}
