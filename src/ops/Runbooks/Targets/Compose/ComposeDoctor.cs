using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Provost.Rendering.Compose;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Whether the engine's machine has what the containers of a site need, their images are there, and the certificate is good for long.</summary>
internal sealed class ComposeDoctor(DockerEngine engine, ComposeProject project, Site site, TimeProvider time)
{
    private const long NeededMebibytes = 2048;
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    public async Task<IReadOnlyList<Finding>> ExamineAsync(IReadOnlyList<SiteContainer> containers, CancellationToken cancellation)
    {
        var machine = EngineMachine.Read(JsonNode.Parse(await engine.OutputAsync(["info", "--format", "{{json .}}"], cancellation))!);
        List<Finding> findings = [];
        if (Directory.Exists(machine.Root))
        {
            findings.Add(Disk(machine.Root, new DriveInfo(machine.Root).AvailableFreeSpace >> 20));
        }
        if (new ComposeFiles(project).Running is { } rendered)
        {
            var needs = ContainerNeeds.Of(rendered, name => MachineSettings.Value(name, project.Folder, Environment.GetEnvironmentVariable));
            findings.Add(Memory(machine, needs));
            findings.Add(Processors(machine, needs));
            findings.Add(await ImagesAsync(rendered, cancellation));
        }
        if (await CertificateAsync(containers, cancellation) is { } certificate)
        {
            findings.Add(Certificate(certificate.NotAfter.ToUniversalTime(), site.Https.Certificate, time.GetUtcNow()));
            certificate.Dispose();
        }
        return findings;
    }

    internal static Finding Disk(string root, long free) => free >= NeededMebibytes
        ? new Finding("disk", true, string.Create(CultureInfo.InvariantCulture, $"{free} MiB free for the engine"), null)
        : new Finding("disk", false, string.Create(CultureInfo.InvariantCulture, $"only {free} MiB are free where the engine keeps its data ({root})"), $"free at least {NeededMebibytes} MiB: docker system df shows what uses it");

    internal static Finding Memory(EngineMachine machine, ContainerNeeds needs)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"{machine.MemoryMebibytes} MiB; the containers are promised {needs.ReservedMebibytes} MiB and may use {needs.LimitMebibytes} MiB");
        return machine.MemoryMebibytes >= needs.ReservedMebibytes ? new Finding("memory", true, words, null)
            : new Finding("memory", false, $"the engine's machine has {words}", "give it more, or set smaller services.*.resources.memory and stores.*.memory in provost.yaml");
    }

    internal static Finding Processors(EngineMachine machine, ContainerNeeds needs) => machine.Processors >= needs.Processors
        ? new Finding("processors", true, string.Create(CultureInfo.InvariantCulture, $"{machine.Processors}; a container may use {needs.Processors}"), null)
        : new Finding("processors", false, string.Create(CultureInfo.InvariantCulture, $"a container may use {needs.Processors} processors, and the engine's machine has {machine.Processors}"), "set PROVOST_CPUS in .env beside compose.yaml, or services.*.resources.cpus in provost.yaml, to what it has");

    internal static Finding Certificate(DateTimeOffset until, string? brought, DateTimeOffset now)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"the certificate is good until {until:yyyy-MM-dd}");
        return until - now > RenewBefore ? new Finding("certificate", true, words, null)
            : new Finding("certificate", false, words, brought is null ? "the agent renews it in time: provost logs agent says why it did not" : $"renew it, write it to {brought}, then: provost restart gateway");
    }

    private async Task<Finding> ImagesAsync(ComposeDocument rendered, CancellationToken cancellation)
    {
        List<string> missing = [];
        var images = rendered.Services.Select(part => part.Image).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var image in images)
        {
            if (await engine.InspectAsync(ImageReference.Parse(image).ForEngine(), cancellation) is null)
            {
                missing.Add(image);
            }
        }
        return missing.Count == 0 ? new Finding("images", true, $"all {images.Count} are there", null)
            : new Finding("images", false, $"the engine does not have {string.Join(", ", missing)}", "provost up -d fetches them; a container that ends cannot be made anew before");
    }

    private async Task<X509Certificate2?> CertificateAsync(IReadOnlyList<SiteContainer> containers, CancellationToken cancellation)
    {
        if (site.Domain is null)
        {
            return null;
        }
        if (site.Https.Certificate is { } brought)
        {
            return File.Exists(brought) ? X509CertificateLoader.LoadCertificateFromFile(brought) : null;
        }
        return containers.FirstOrDefault(c => c.Replica.Service == Replicas.Gateway && c.Replica.Pid is not null) is { } gateway
            ? X509Certificate2.CreateFromPem(await new ComposeContainers(engine, project).FileAsync(gateway.Id, $"{ContainerPlacement.CertificatesPath}/server.crt", cancellation)) : null;
    }
}
