using Provost.Topology.Environments;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>Secrets of the namespace: one for each service, with a file for each of the installation's secrets that it gets.</summary>
public static class SecretNames
{
    /// <summary>The installation's own certificate authority.</summary>
    public const string Authority = "authority";

    public static string Of(string service) => $"{service}-secrets";

    /// <summary>Services that are given secrets, the operator's tools among them.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. Secrets.Directories.Where(directory => Secrets.Of(directory).Any())];

    public static IReadOnlyList<string> Generated { get; } = [.. Services.Select(Of)];
}
