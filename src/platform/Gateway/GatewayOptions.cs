using Provost.Hosting.Configuration;

namespace Provost.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions : IServiceOptions
{
    /// <summary>Addresses of the api's replicas, e.g. <c>http://127.0.0.1:5001</c>.</summary>
    public string[] Api { get; set; } = [];

    /// <summary>Addresses of the web host's replicas.</summary>
    public string[] Web { get; set; } = [];

    /// <summary>The port on which replicas answer for their health; 0 is the port of their address.</summary>
    public int HealthPort { get; set; }

    /// <summary>
    /// How long a connection to a replica is used; 0 is for ever. Behind one address that stands for several replicas, a connection
    /// stays with the replica that it was opened to: it must end before that replica has drained.
    /// </summary>
    public int ConnectionSeconds { get; set; }

    /// <summary>Public name, e.g. <c>analytics.campus.edu</c>; with it, the public listener speaks TLS.</summary>
    public string? Domain { get; set; }

    /// <summary>Certificate with its chain (PEM); read again when it changes.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Private key of the certificate (PEM).</summary>
    public string? KeyFile { get; set; }

    /// <summary>Requests that one client address may make in a minute; 0 is no limit. This machine itself is not limited.</summary>
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>The same for <c>/api/session/*</c>, for everybody: a whole lecture hall may sit behind one address.</summary>
    public int SessionRequestsPerMinute { get; set; } = 300;

    /// <summary>Largest request body.</summary>
    public int MaxRequestMegabytes { get; set; } = 256;

    /// <summary>How long an exchange with a replica may stand still.</summary>
    public int IdleSeconds { get; set; } = 100;

    /// <summary>While this file is there, users are told that the platform is being maintained.</summary>
    public string? MaintenanceFile { get; set; }

    public IEnumerable<ConfigurationProblem> Problems() =>
        [.. Addresses(nameof(Api), Api), .. Addresses(nameof(Web), Web), .. Limits(), .. Tls()];

    /// <summary>Whether the text is an address that can be forwarded to.</summary>
    public static bool IsAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/" };

    private static IEnumerable<ConfigurationProblem> Addresses(string key, string[] addresses) => addresses
        .Index()
        .Where(item => !IsAddress(item.Item))
        .Select(item => new ConfigurationProblem($"{key}__{item.Index}", $"is \"{item.Item}\"", "set http://ADDRESS:PORT"));

    private IEnumerable<ConfigurationProblem> Limits()
    {
        foreach (var (key, value, least) in new[]
        {
            (nameof(RequestsPerMinute), RequestsPerMinute, 0),
            (nameof(SessionRequestsPerMinute), SessionRequestsPerMinute, 0),
            (nameof(MaxRequestMegabytes), MaxRequestMegabytes, 1),
            (nameof(IdleSeconds), IdleSeconds, 1),
            (nameof(HealthPort), HealthPort, 0),
            (nameof(ConnectionSeconds), ConnectionSeconds, 0),
        })
        {
            if (value < least)
            {
                yield return new(key, $"is {value}", $"set {least} or more");
            }
        }
    }

    private IEnumerable<ConfigurationProblem> Tls()
    {
        if (Domain is null)
        {
            yield break;
        }

        foreach (var (key, file) in new[] { (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile) })
        {
            if (file is null)
            {
                yield return new(key, "is missing, and a domain is set", "set the path of a PEM file, or leave the domain out");
            }
            else if (!File.Exists(file))
            {
                yield return new(key, $"is \"{file}\", which does not exist", "set the path of a PEM file that this user may read");
            }
        }
    }
}
