using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What a roll of containers finds: the project, what its files say runs, and the door to it.</summary>
internal sealed record RunningContainers(ComposeProject Project, Site Site, ComposeDocument Document, OperatorDoor? Door, IReadOnlyList<IGateway> Gateways);

/// <summary>
/// A site of containers. The next release's file lies beside the one of what runs until it serves; then it takes its place, so that
/// docker compose up alone gives exactly what runs.
/// </summary>
internal sealed class ContainerRoll(RunningContainers running, NextContainers next, TimeProvider time) : IRoll
{
    private const string KilledExitCode = "137";
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(5);

    private readonly DockerEngine engine = new();
    private readonly ComposeFiles files = new(running.Project);
    private readonly ComposeContainers containers = new(new DockerEngine(), running.Project);
    private readonly List<IGateway> newGateways = [];
    private RenderedTree? storesBefore;
    private bool isBegun;

    public string From => running.Document.Release ?? "";

    public string To => next.Document.Release ?? "";

    public OperatorDoor Door => running.Door ?? throw OperatorClient.NotRunning();

    public IReadOnlyList<IGateway> OldGateways => running.Gateways;

    public IReadOnlyList<IGateway> NewGateways => newGateways;

    public Destinations OldDestinations => DestinationsOf(running.Document);

    public Destinations NewDestinations => DestinationsOf(next.Document);

    public IReadOnlyList<string> Notes => next.Notes;

    public static async Task<ContainerRoll> OpenAsync(DeployRequest request, ReleaseManifest manifest, TimeProvider time, CancellationToken cancellation)
    {
        var (engine, site) = (new DockerEngine(), request.Installation.Sites[request.Site]);
        await engine.RequireComposeAsync(cancellation);
        CertificateAccess.Require(site);
        var project = ComposeProject.Of(request.Installation, request.Site, request.State);
        var running = await RunningSite.OpenAsync(engine, project, site, cancellation);
        if ((await new ComposeContainers(engine, project).ReadAsync(cancellation)).FirstOrDefault(c => c.Replica.Service is Replicas.Redis or Replicas.ClickHouse && !c.Replica.Ready) is { } store)
        {
            throw Preflight.StoreNotReady(store.Replica);
        }
        await new ImageFetch(engine, ConfiguredRegistry.Of(request.Installation)?.Address).RunAsync(new DeployedImages(request.Release, manifest.Artefacts, []).Run(site), _ => { }, cancellation);
        var roll = new ContainerRoll(running, NextContainers.Render(request, running.Document, manifest, new ComposeFiles(project)), time);
        await roll.WriteAsync(cancellation);
        return roll;
    }

    public async Task<SchemaState> SchemaAsync(string[] verb, CancellationToken cancellation)
    {
        var api = next.Document.Services.First(s => s.Service == Replicas.Api).Name;
        var (exitCode, lines) = await Shell.RunAsync(running.Project.Next(["run", "--rm", "--no-deps", "--no-TTY", api, .. verb]), null, cancellation);
        return SchemaTool.Read(next.Installed, exitCode, lines);
    }

    public void Begin() => isBegun = true;

    public async Task RenewStoresAsync(TimeSpan limit, CancellationToken cancellation)
    {
        storesBefore = new RenderedTree([.. files.WithPresent(next.Tree, _ => true).Files.Select(AsRunning)]);
        files.Write(new RenderedTree([.. next.Tree.Files.Select(AsRunning)]));
        await MakeSecretsAsync(running.Project.Next, cancellation);
        foreach (var store in next.Document.Services.Where(NextContainers.IsStore))
        {
            await UpAsync(running.Project.Next, [store.Name], cancellation);
            await new ComposeReadiness(containers, time).WaitAsync(limit, _ => { }, cancellation, store.Name);
        }
    }

    public async Task StartBesideAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (Added.Where(s => s.Service is Replicas.Api or Replicas.Web).Select(s => s.Name).ToList() is { Count: > 0 } services)
        {
            await MakeSecretsAsync(running.Project.Next, cancellation);
            await StartAsync(services, limit, cancellation);
        }
    }

    public async Task StartGatewaysAsync(TimeSpan limit, CancellationToken cancellation) => newGateways.AddRange(RunningSite.GatewaysOf(
        engine, await StartAsync([.. Added.Where(s => s.Service == Replicas.Gateway).Select(s => s.Name)], limit, cancellation)));

    public void Commit() => files.Write(next.Tree);

    public async Task StopOldAsync(bool drain, Action<string> say, CancellationToken cancellation)
    {
        await RemoveAsync(c => next.Document.Services.All(s => s.Name != c.Service), drain, say, cancellation);
        if (next.Document.Services.Where(NextContainers.IsBeside).Select(s => s.Name).ToList() is { Count: > 0 } others)
        {
            await UpAsync(running.Project.Beside, others, cancellation);
        }
    }

    public async Task ReturnAsync(TimeSpan limit, Action<string> undone, CancellationToken cancellation)
    {
        undone(await this.SwitchBackAsync(cancellation));
        await RemoveAsync(c => running.Document.Services.All(s => s.Name != c.Service), drain: true, undone, cancellation);
        undone($"the replicas of {next.Installed} were drained and stopped");
        await MakeSecretsAsync(running.Project.Beside, cancellation);
        if (storesBefore is not null)
        {
            files.Write(storesBefore);
            await UpAsync(running.Project.Beside, [.. running.Document.Services.Where(NextContainers.IsStore).Select(s => s.Name)], cancellation);
            undone("the stores run as before");
        }
        await new ComposeReadiness(containers, time).WaitAsync(limit, _ => { }, cancellation);
        undone($"all replicas of {From} are ready");
    }

    public void End() => files.RemoveNext();

    public async ValueTask DisposeAsync()
    {
        if (!isBegun)
        {
            files.RemoveNext();
        }
        foreach (var gateway in OldGateways.Concat(newGateways))
        {
            await gateway.DisposeAsync();
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            files.WriteNext(next.Document);
            await DockerEngine.RunAsync(running.Project.Next("config", "--quiet"), "the files of the release were refused", _ => { }, cancellation);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private IEnumerable<ComposePart> Added => next.Document.Services.Where(s => running.Document.Services.All(r => r.Name != s.Name));

    private RenderedFile AsRunning(RenderedFile file) => file.Path == ComposeProject.File ? file with { Text = running.Document.Text } : file;

    private static Destinations DestinationsOf(ComposeDocument document) => new(DestinationsOf(document, Replicas.Api), DestinationsOf(document, Replicas.Web));

    private static IReadOnlyList<string> DestinationsOf(ComposeDocument document, string service) =>
        [.. document.Services.Where(s => s.Service == service).Select(s => $"http://{s.Name}:{ContainerPlacement.HttpPort}")];

    // With those that they need, which run and are as the file says: without them Compose would take the containers for others next time.
    private static Task UpAsync(Func<string[], Command> command, IReadOnlyList<string> services, CancellationToken cancellation) =>
        DockerEngine.RunAsync(command(["up", "--detach", .. services]), $"{string.Join(", ", services)} could not be started", _ => { }, cancellation);

    private async Task<IReadOnlyList<SiteContainer>> StartAsync(List<string> services, TimeSpan limit, CancellationToken cancellation)
    {
        if (services.Count == 0)
        {
            return [];
        }
        await UpAsync(running.Project.Next, services, cancellation);
        return await new ContainerStarts(engine, containers, time).WaitAsync(services, limit, cancellation);
    }

    // A release may bring secrets that nobody had; what is there already is never made anew. It must be that very container: Compose
    // starts everything anew that depends on one that it replaces.
    private async Task MakeSecretsAsync(Func<string[], Command> command, CancellationToken cancellation)
    {
        await UpAsync(command, [ComposeNames.SecretsService], cancellation);
        var id = await containers.IdAsync(ComposeNames.SecretsService, cancellation);
        if ((await engine.OutputAsync(["wait", id], cancellation)).Trim() is not "0" and var exit)
        {
            var (_, lines) = await engine.TryAsync(["logs", "--tail", "20", id], cancellation);
            throw new OperationError(ErrorKind.Failed, $"the secrets could not be made (exit code {exit})", "correct what it says, then deploy again", lines);
        }
    }

    private async Task RemoveAsync(Func<SiteContainer, bool> chosen, bool drain, Action<string> say, CancellationToken cancellation)
    {
        var leaving = (await containers.ReadAsync(cancellation)).Where(chosen).ToList();
        if (leaving.Count == 0)
        {
            return;
        }
        string[] gone = [.. leaving.Select(c => c.Id)];
        var patience = running.Site.Shutdown.Drain + running.Site.Shutdown.Limit + KillAfter;
        // All at a time: each waits for its own clients.
        await engine.OutputAsync(drain ? ["stop", "-t", $"{Math.Ceiling(patience.TotalSeconds):0}", .. gone] : ["kill", .. gone], cancellation);
        var exits = (await engine.OutputAsync(["inspect", "--format", "{{.State.ExitCode}}", .. gone], cancellation)).Split('\n');
        foreach (var killed in leaving.Zip(exits).Where(pair => drain && pair.First.Replica.Pid is not null && pair.Second.Trim() == KilledExitCode))
        {
            say($"{killed.First.Replica.Id} was killed after {patience.TotalSeconds:0} s: it did not end when it was told to");
        }
        await engine.OutputAsync(["rm", "--force", .. gone], cancellation);
    }
}
