using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Up;

/// <param name="Version">Version of the tool, without the build's metadata.</param>
/// <param name="Configuration">Text of provost.yaml.</param>
public sealed record ComposeUpRequest(TargetSite Site, string Version, string Prefix, bool Demonstration, string Configuration);

/// <param name="IsFirst">Whether everything was never healthy before.</param>
public sealed record ComposeUpPlan(Plan Plan, DeployedImages Images, bool IsFirst);

/// <summary>What `up` does on a Compose site: everything that can fail comes before the first container is touched.</summary>
public static class ComposeUp
{
    public static async Task<ComposeUpPlan> PlanAsync(ComposeUpRequest request, CancellationToken cancellation)
    {
        var (site, engine) = (request.Site, new DockerEngine());
        await engine.RequireComposeAsync(cancellation);
        var project = ComposeProject.Of(site);
        var containers = await new ComposeContainers(engine, project).ReadAsync(cancellation);
        RequirePort(containers, project, site.Site);
        CertificateAccess.Require(site.Site);
        DestinationAccess.Require(site.Site);
        var (images, build) = await ComposeImages.OfAsync(request, engine, cancellation);
        var tree = Render(request, project, images);
        var isFirst = !File.Exists(site.State.Started);
        List<Step> steps =
        [
            new Step.RequireEngine(),
            .. RegistryContainer.Of(site) is { } registry ? new Step[] { new Step.StartRegistry(registry) } : [],
            .. build,
            new Step.FetchImages(images.Run(site.Site), ConfiguredRegistry.Of(site.Installation)?.Address),
            new Step.CheckTree(project, tree),
            // What compose.yaml names is what runs: others read there what to return to. It is the last file, should the disk be full before.
            new Step.WriteTree(project.Folder, new RenderedTree([.. tree.Files.OrderBy(f => f.Path == ComposeProject.File)])),
            .. Roll(containers, project, ComposeDocument.Read(tree.Text(ComposeProject.File)), site.Site),
            new Step.Compose("Start the containers, nobody before whom it needs", project, ["up", "--detach", "--remove-orphans"]),
            new Step.WaitHealthy(project, site.Site.Probes.Start),
        ];
        return new ComposeUpPlan(new Plan($"Start {site.Installation.Name} with Docker Compose", steps), images, isFirst);
    }

    /// <summary>After the first start: the demonstration when it is wanted, and links to sign in to it.</summary>
    public static async Task<IReadOnlyList<SignIn>> FinishAsync(ComposeUpRequest request, ComposeUpPlan up, ITarget target, CancellationToken cancellation)
    {
        if (!up.IsFirst)
        {
            return [];
        }
        IReadOnlyList<SignIn> links = [];
        if (request.Demonstration)
        {
            using var platform = await target.OperatorAsync(cancellation);
            await Up.Demonstration.LoadAsync(platform, cancellation);
            links = await Up.Demonstration.LinksAsync(platform, cancellation);
        }
        PrivateFiles.CreateDirectory(request.Site.State.Root);
        PrivateFiles.Write(request.Site.State.Started, "\n"u8);
        return links;
    }

    // Also when the site runs: with another port than it has, the edge would be stopped and its successor could not start.
    private static void RequirePort(IReadOnlyList<SiteContainer> containers, ComposeProject project, Site site)
    {
        var wanted = MachineSettings.Apply(site, project.Folder, Environment.GetEnvironmentVariable);
        var port = wanted.Domain is null ? wanted.Http.Port : wanted.Https.Port;
        if (!containers.Any(c => c.Replica.Pid is not null && c.Ports.Values.Any(published => published.Port == port)))
        {
            Machine.RequirePort(wanted);
        }
    }

    // Replicas keep the numbers that the last deployment gave them, and the public socket's holder its image: another image holds it no better.
    private static RenderedTree Render(ComposeUpRequest request, ComposeProject project, DeployedImages images)
    {
        var running = new ComposeFiles(project).Running;
        var tree = ComposeRenderer.Render(
            request.Site.Installation, request.Site.Name,
            new ComposeRequest(images.Release, ComposeFlavour.Production, images.References) { Configuration = request.Configuration, Numbers = running?.Numbers });
        var document = ComposeDocument.Read(tree.Text(ComposeProject.File));
        var edge = running?.Services.FirstOrDefault(s => s.Service == ComposeNames.EdgeService);
        if (edge is null || !document.Services.Any(s => s.Name == edge.Name && s.DiffersInImageAlone(edge)))
        {
            return tree;
        }
        return new RenderedTree([.. tree.Files.Select(f => f.Path == ComposeProject.File ? f with { Text = document.Keep(running!, s => s == edge).Text } : f)]);
    }

    // All at once would be a break: whoever runs is renewed while the others serve.
    private static IEnumerable<Step> Roll(IReadOnlyList<SiteContainer> containers, ComposeProject project, ComposeDocument document, Site site)
    {
        if (containers.Any(c => c.Replica.Pid is not null))
        {
            var order = Replicas.Services.ToList();
            var services = document.Services.Where(s => order.Contains(s.Service!)).OrderBy(s => order.IndexOf(s.Service!)).Select(s => s.Name);
            yield return new Step.Roll(project, [.. services], site.Probes.Start);
        }
    }
}
