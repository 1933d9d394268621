using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>api, web and gateway.</summary>
internal static class PlatformServices
{
    public static Map Render(ComposeContext context, Replica replica)
    {
        var (image, project, resources, memory) = replica.Service switch
        {
            Replicas.Api => ("backend", "Api", context.Site.Services.Api.Resources, 1024),
            Replicas.Web => ("frontend", "WebHost", context.Site.Services.Web.Resources, 256),
            Replicas.Gateway => ("gateway", "Gateway", context.Site.Services.Gateway.Resources, 512),
            _ => throw new ArgumentOutOfRangeException(nameof(replica), replica.Service, "unknown service"),
        };
        var service = Container.Harden(context, context.Image(image), Container.PlatformUser, new Limits(Whole(resources.Memory) ?? ByteSize.Mebibytes(memory), resources.Cpus));
        service["environment"] = context.Environment(replica);
        service["labels"] = Labels(replica);
        service["healthcheck"] = Container.Healthcheck(context, $"/app/Provost.{project}", "healthcheck");
        service["depends_on"] = Needs(context, replica);
        service["networks"] = Networks(context, replica);
        service["volumes"] = Volumes(context, replica);
        service["ports"] = Ports(context, replica);
        if (context.IsDevelopment)
        {
            Development.FromSources(context, service, replica, project);
        }
        return service;
    }

    public static Map Labels(Replica replica) => new() { ["provost.service"] = replica.Service, ["provost.replica"] = replica.Id };

    // The limit of the managed heap is a part of what the process needs.
    private static ByteSize? Whole(ByteSize? heap) => heap is { } size ? ByteSize.Mebibytes((size.WholeMebibytes * 5 / 4) + 128) : null;

    private static Map? Needs(ComposeContext context, Replica replica)
    {
        var needs = new Map();
        if (Secrets.Of(replica.Service).Any() || (replica.Service == Replicas.Gateway && Certificates.AreIssued(context.Site)))
        {
            needs[ComposeNames.SecretsService] = Container.Ended();
        }
        if (replica.Service == Replicas.Gateway && context.HasEdge)
        {
            needs[ComposeNames.EdgeService] = Container.Healthy();
        }
        foreach (var needed in context.Replicas.Where(r => Replicas.Needs(replica.Service).Contains(r.Service)))
        {
            needs[context.Service(needed)] = Container.Healthy();
        }
        return needs.Count > 0 ? needs : null;
    }

    // With a holder of the public socket the gateway itself has no way out.
    private static string[] Networks(ComposeContext context, Replica replica) => replica.Service switch
    {
        Replicas.Gateway when !context.HasEdge => ["edge", "app"],
        Replicas.Api => ["app", "data"],
        _ => ["app"],
    };

    private static List<Map>? Volumes(ComposeContext context, Replica replica)
    {
        List<Map> volumes = [];
        if (Secrets.Of(replica.Service).Any())
        {
            volumes.Add(Container.Volume(ComposeNames.SecretsVolume(replica.Service), ContainerPlacement.SecretsPath, readOnly: true));
        }
        if (replica.Service == Replicas.Gateway && context.Site.Domain is not null)
        {
            volumes.AddRange(CertificateFiles(context.Site));
        }
        if (context.HasEdge && replica.Service == Replicas.Gateway)
        {
            volumes.Add(Container.Volume(ComposeNames.EdgeVolume, ContainerPlacement.EdgePath, copy: true));
        }
        if (context.HasEdge && replica.Service == Replicas.Web)
        {
            volumes.Add(Container.Volume(ComposeNames.ReleasesVolume, ContainerPlacement.ReleasesPath, copy: true));
        }
        return volumes.Count > 0 ? volumes : null;
    }

    private static IEnumerable<Map> CertificateFiles(Site site) => site.Https is { Certificate: { } chain, Key: { } key }
        ? [Container.File(chain, $"{ContainerPlacement.CertificatesPath}/server.crt"), Container.File(key, $"{ContainerPlacement.CertificatesPath}/server.key")]
        : [Container.Volume(ComposeNames.CertificatesVolume, ContainerPlacement.CertificatesPath, readOnly: true)];

    private static List<Map>? Ports(ComposeContext context, Replica replica) => replica.Service switch
    {
        Replicas.Gateway when !context.HasEdge => [EdgeService.Port(context.Site), .. Development.Ports(context, replica)],
        _ => context.IsDevelopment ? Development.Ports(context, replica) : null,
    };
}
