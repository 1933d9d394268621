using System.Globalization;
using Provost.Rendering.Trees;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>
/// Has the public port and holds its listening socket, and gives it to whichever gateway serves: so the gateway can be replaced while
/// the port stays open. It accepts nothing and reads nothing.
/// </summary>
internal static class EdgeService
{
    private static readonly Limits Small = new(ByteSize.Mebibytes(128));

    public static Map Render(ComposeContext context)
    {
        var service = Container.Harden(context, context.Image("gateway"), Container.PlatformUser, Small);
        service["command"] = new[] { "hold" };
        service["environment"] = new Map
        {
            ["PROVOST_Listen__Http"] = ContainerPlacement.ListenPublic(context.Site),
            ["PROVOST_Listen__HandOver"] = ContainerPlacement.HolderSocket,
        };
        service["labels"] = PlatformServices.Labels(new Replica(ComposeNames.EdgeService, 1));
        service["healthcheck"] = Container.Healthcheck(context, "/app/Provost.Gateway", "hold", "--check");
        service["networks"] = new[] { "edge" };
        service["volumes"] = new List<Map> { Container.Volume(ComposeNames.EdgeVolume, ContainerPlacement.EdgePath, copy: true) };
        service["ports"] = new List<Map> { Port(context.Site) };
        return service;
    }

    /// <summary>The public port, which .env may move on one machine.</summary>
    public static Map Port(Site site)
    {
        var (address, port, target) = site.Domain is null
            ? (site.Http.Address, site.Http.Port, ContainerPlacement.HttpPort)
            : (site.Https.Address, site.Https.Port, ContainerPlacement.HttpsPort);
        return Container.Published($"${{PROVOST_ADDRESS:-{address}}}", string.Create(CultureInfo.InvariantCulture, $"${{PROVOST_PORT:-{port}}}"), target);
    }
}
