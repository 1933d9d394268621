using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>The operator's tool in a container: once before everything else, and for what is scheduled.</summary>
internal static class AgentServices
{
    private static readonly Limits Small = new(ByteSize.Mebibytes(256));

    public static Map Secrets(ComposeContext context)
    {
        var service = Tool(context, ["secrets", "init", .. Arguments(context)]);
        service["restart"] = "on-failure:5";
        return service;
    }

    public static Map Agent(ComposeContext context)
    {
        var service = Tool(context, ["secrets", "init", .. Arguments(context), "--every", "12h"]);
        service["depends_on"] = new Map { [ComposeNames.SecretsService] = Container.Ended() };
        service["healthcheck"] = Container.ScheduleCheck(context);
        service["labels"] = PlatformServices.Labels(new Replica(ComposeNames.AgentService, 1));
        return service;
    }

    private static Map Tool(ComposeContext context, string[] command)
    {
        var service = Container.Harden(context, context.Image("agent"), Container.PlatformUser, Small);
        service["command"] = command;
        service["network_mode"] = "none";
        service["volumes"] = Volumes(context);
        return service;
    }

    private static string[] Arguments(ComposeContext context) =>
        ["--directory", "/provost", .. Certificates.AreIssued(context.Site) ? new[] { "--domain", context.Site.Domain! } : []];

    // These folders of the image belong to the platform's user, and so do volumes that are filled from them.
    private static List<Map> Volumes(ComposeContext context) =>
    [
        .. ComposeContext.SecretOwners.Select(owner => Container.Volume(ComposeNames.SecretsVolume(owner), $"/provost/secrets/{owner}", copy: true)),
        .. Certificates.AreIssued(context.Site)
            ? new[] { Container.Volume(ComposeNames.CertificatesVolume, "/provost/certificates", copy: true), Container.Volume(ComposeNames.AuthorityVolume, "/provost/authority", copy: true) } : [],
    ];
}
