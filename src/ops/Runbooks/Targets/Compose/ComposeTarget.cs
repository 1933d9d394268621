using System.Runtime.CompilerServices;
using Provost.Runbooks.Destroy;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Down;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Containers of Docker Compose on this machine, through the engine's command.</summary>
public sealed class ComposeTarget(TargetSite site, TimeProvider time) : ITarget
{
    private readonly DockerEngine engine = new();
    private readonly ComposeProject project = ComposeProject.Of(site);

    private ComposeContainers Containers => new(engine, project);

    public async Task<SiteStatus> StatusAsync(CancellationToken cancellation)
    {
        await engine.RequireAsync(cancellation);
        var containers = await Containers.ReadAsync(cancellation);
        if (containers.All(c => c.Replica.Pid is null))
        {
            return new SiteStatus(null, true);
        }
        var api = containers.FirstOrDefault(c => c.Replica.Service == Replicas.Api);
        return new SiteStatus(
            new AgentStatus(
                0, "", 0, site.Installation.Name, site.Name, api?.Environment.GetValueOrDefault("PROVOST_Service__Release") ?? "", "",
                api?.Environment.GetValueOrDefault("PROVOST_Public__Url") ?? "", false, [.. containers.Select(c => c.Replica), .. ExpectedReplicas.Missing(new ComposeFiles(project).Running, containers)]),
            true);
    }

    public async IAsyncEnumerable<LogLine> LogsAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await engine.RequireAsync(cancellation);
        var reader = new ContainerLogs(engine, Containers.ReadAllAsync, time);
        await foreach (var line in reader.ReadAsync(request, cancellation))
        {
            yield return line;
        }
    }

    public async Task<OperatorClient> OperatorAsync(CancellationToken cancellation)
    {
        await engine.RequireAsync(cancellation);
        return OperatorClient.For(await ComposeDoor.OpenAsync(Containers, site.Site, cancellation));
    }

    public async Task RestartAsync(string replicaOrService, CancellationToken cancellation)
    {
        await engine.RequireAsync(cancellation);
        var containers = await Containers.ReadAsync(cancellation);
        var chosen = containers.Where(c => c.Replica.Id == replicaOrService || c.Replica.Service == replicaOrService).ToList();
        if (chosen.Count == 0)
        {
            throw containers.Count == 0 ? OperatorClient.NotRunning() : new OperationError(
                ErrorKind.Refused, $"there is no service or replica {replicaOrService}", $"there are: {string.Join(", ", containers.Select(c => c.Replica.Service).Distinct().Concat(containers.Select(c => c.Replica.Id)).Distinct())}");
        }
        foreach (var container in chosen)
        {
            await engine.OutputAsync(["restart", "--time", Seconds(), container.Id], cancellation);
            await new ComposeReadiness(Containers, time).WaitAsync(site.Site.Probes.Start, _ => { }, cancellation);
        }
    }

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellation)
    {
        List<Finding> findings = [];
        try
        {
            findings.Add(new Finding("engine", true, $"Docker {await engine.RequireAsync(cancellation)}", null));
            await engine.RequireComposeAsync(cancellation);
            findings.Add(new Finding("compose", true, "there, and new enough", null));
            var containers = await Containers.ReadAsync(cancellation);
            if (containers.All(c => c.Replica.Pid is null))
            {
                findings.Add(Machine.PublicPort(MachineSettings.Apply(site.Site, project.Folder, Environment.GetEnvironmentVariable)));
            }
            IReadOnlyList<ReplicaStatus> missing = containers.Any(c => c.Replica.Pid is not null) ? ExpectedReplicas.Missing(new ComposeFiles(project).Running, containers) : [];
            findings.AddRange(containers.Select(c => c.Replica).Concat(missing).Select(Readiness));
            findings.AddRange(await new ComposeDoctor(engine, project, site.Site, time).ExamineAsync(containers, cancellation));
        }
        catch (OperationError e)
        {
            findings.Add(new Finding("engine", false, e.Message, e.Remedy));
        }
        return findings;
    }

    private static Finding Readiness(ReplicaStatus replica) => replica.Ready
        ? new Finding(replica.Id, true, $"ready, {replica.Restarts} restarts", null)
        : new Finding(replica.Id, false, replica.Problem ?? "not ready", $"provost logs {replica.Id}; provost up -d makes what is missing");

    public async Task<string> PublicUrlAsync(CancellationToken cancellation) =>
        (await StatusAsync(cancellation)).Status?.PublicUrl ?? site.Site.PublicUrl().AbsoluteUri.TrimEnd('/');

    /// <summary>The certificate of the installation's own authority as a file that browsers can be given; null when there is none.</summary>
    public async Task<string?> SaveAuthorityAsync(CancellationToken cancellation)
    {
        if (!Certificates.AreIssued(site.Site))
        {
            return null;
        }
        var gateway = (await Containers.ReadAsync(cancellation)).First(c => c.Replica.Service == Replicas.Gateway);
        var file = Certificates.AuthorityFile(site.State.Root);
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
        PrivateFiles.Write(file, System.Text.Encoding.ASCII.GetBytes(await Containers.FileAsync(gateway.Id, $"{ContainerPlacement.CertificatesPath}/ca.crt", cancellation) + "\n"));
        return file;
    }

    public Plan Stop() => DownPlanner.Plan(site, [new Step.Compose("Stop all services", project, ["down", "--remove-orphans", "--timeout", Seconds()])]);

    public Plan Destroy() => DestroyPlanner.Plan(
        site, [new Step.Compose("Remove all services and networks", project, ["down", "--remove-orphans", "--timeout", Seconds()]), new Step.RemoveVolumes(project)]);

    private string Seconds() => Math.Ceiling((site.Site.Shutdown.Drain + site.Site.Shutdown.Limit).TotalSeconds + 5).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
