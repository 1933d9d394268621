using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Provost.Topology.Model;

[Description("Plain HTTP, for one machine.")]
public sealed record Http
{
    [Description("Address that the gateway listens on; 0.0.0.0 for every address of the machine.")]
    [IpAddress]
    public string Address { get; init; } = "127.0.0.1";

    [Description("Port that the gateway listens on.")]
    [Range(1, 65535)]
    public int Port { get; init; } = 8080;
}

[Description("HTTPS, with the installation's own certificate authority or with a certificate that you supply.")]
public sealed record Https
{
    [Description("Address that the gateway listens on; 0.0.0.0 for every address of the machine.")]
    [IpAddress]
    public string Address { get; init; } = "0.0.0.0";

    [Description("Port that the gateway listens on. Ports below 1024 need a privilege: see `provost doctor`.")]
    [Range(1, 65535)]
    public int Port { get; init; } = 8443;

    [Description("PEM file of a certificate chain that you supply; without it the installation's own authority issues one and renews it.")]
    public string? Certificate { get; init; }

    [Description("PEM file of the private key that belongs to the certificate.")]
    public string? Key { get; init; }
}
