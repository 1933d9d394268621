using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>Where the certificate of a site lies: supplied by the operator, or issued by the installation's own authority.</summary>
public static class Certificates
{
    public static bool AreIssued(Site site) => site.Domain is not null && site.Https.Certificate is null;

    public static string AuthorityFile(string stateDirectory) => $"{stateDirectory}/certificates/ca.crt";

    public static string ChainFile(Site site, string stateDirectory) => site.Https.Certificate ?? $"{stateDirectory}/certificates/server.crt";

    public static string KeyFile(Site site, string stateDirectory) => site.Https.Key ?? $"{stateDirectory}/certificates/server.key";
}
