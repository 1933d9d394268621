using Provost.Runbooks.Operator;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>How the operator API of a site in containers is reached from this machine: by the published port, with the token of the api's volume.</summary>
internal static class ComposeDoor
{
    public static async Task<OperatorDoor> OpenAsync(ComposeContainers containers, Site site, CancellationToken cancellation)
    {
        var running = (await containers.ReadAsync(cancellation)).Where(c => c.Replica.Pid is not null).ToList();
        var api = running.FirstOrDefault(c => c.Replica.Service == Replicas.Api);
        var gateway = running.FirstOrDefault(c => c.Replica.Service == Replicas.Gateway);
        if (api is null || gateway is null || !api.Environment.TryGetValue("PROVOST_Public__Url", out var url))
        {
            throw OperatorClient.NotRunning();
        }
        var port = $"{(site.Domain is null ? ContainerPlacement.HttpPort : ContainerPlacement.HttpsPort)}/tcp";
        var (address, published) = running.FirstOrDefault(c => c.Ports.ContainsKey(port))?.Ports[port] ?? throw new OperationError(
            ErrorKind.NotRunning, "no container publishes the platform's port on this machine", "take what hides it out of compose.override.yaml, then: provost up -d");
        var token = await containers.FileAsync(api.Id, $"{ContainerPlacement.SecretsPath}/{Secrets.OperatorToken}", cancellation);
        var authority = Certificates.AreIssued(site) ? await containers.FileAsync(gateway.Id, $"{ContainerPlacement.CertificatesPath}/ca.crt", cancellation) : null;
        return new OperatorDoor(new Uri(url), OperatorDoor.Near(address, published), token, authority);
    }
}
