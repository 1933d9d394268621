using System.Security.Cryptography.X509Certificates;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Where a cluster's API server is, whom to trust there, and who we are.</summary>
/// <param name="Name">How people call it: the context, or "this cluster" from inside.</param>
/// <param name="Authority">Who signed the server's certificate; null for whom the machine trusts.</param>
/// <param name="Identity">Our certificate with its key; null with a token.</param>
/// <param name="Token">A token that is good now; asked for before each request, for it may change.</param>
public sealed record ClusterAccess(string Name, Uri Server, X509Certificate2Collection? Authority, X509Certificate2? Identity, Func<CancellationToken, Task<string?>> Token)
{
    /// <summary>Namespace that the access itself names; from inside of a cluster, that of the pod.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether the server's certificate is not looked at, as the kubeconfig says.</summary>
    public bool TrustsAnybody { get; init; }

    /// <summary>Name in the server's certificate, when it is not that of the address.</summary>
    public string? ServerName { get; init; }
}
