using Provost.Rendering.Compose;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;
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
        var (images, build) = await ImagesAsync(request, engine, cancellation);
        var tree = ComposeRenderer.Render(site.Installation, site.Name, new ComposeRequest(images.Release, ComposeFlavour.Production, images.References) { Configuration = request.Configuration });
        var isFirst = !File.Exists(site.State.Started);
        List<Step> steps =
        [
            new Step.RequireEngine(),
            .. build,
            new Step.WriteTree(project.Folder, tree),
            new Step.FetchImages(images.Run(site.Site)),
            new Step.Compose("Check the files", project, ["config", "--quiet"]),
            .. Roll(containers, project, site.Site),
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

    // All at once would be a break: whoever runs is renewed while the others serve.
    private static IEnumerable<Step> Roll(IReadOnlyList<SiteContainer> containers, ComposeProject project, Site site)
    {
        if (containers.Any(c => c.Replica.Pid is not null))
        {
            var services = ComposeNames.Replicas(site).OrderBy(r => Replicas.Services.ToList().IndexOf(r.Service)).Select(r => ComposeNames.Service(site, r));
            yield return new Step.Roll(project, [.. services], site.Probes.Start);
        }
    }

    private static async Task<(DeployedImages Images, IReadOnlyList<Step> Build)> ImagesAsync(ComposeUpRequest request, DockerEngine engine, CancellationToken cancellation)
    {
        if (request.Site.Checkout is not { } checkout)
        {
            throw new OperationError(ErrorKind.Machine, "this tool was installed without the sources that name the images", "run ./provost in a checkout");
        }
        var source = await SourceIdentity.ReadAsync(checkout.Root, cancellation);
        var lockFile = DeployedImages.LockFile(request.Site.Folder, checkout);
        var tags = ImageTags.Parse(request.Version, source.Revision);
        var images = DeployedImages.Of(request.Site.Site, ImageLock.Read(lockFile), request.Prefix, tags);
        var own = images.References.Values.Where(r => r.StartsWith(request.Prefix + "/", StringComparison.Ordinal)).ToList();
        var isChanged = source.Revision.EndsWith("-changed", StringComparison.Ordinal);
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
