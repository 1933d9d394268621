using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Deploy;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>What is to be live afterwards.</summary>
/// <param name="Version">Of the images.</param>
public sealed record ClusterRequest(string Version, IReadOnlyList<Manifest> Manifests)
{
    /// <summary>Whether stores are renewed too; they go on as they run otherwise.</summary>
    public bool Stores { get; init; }

    /// <summary>
    /// Takes a backup before anything changes and gives its name, or null where the site that runs makes none; null when none is to be
    /// taken.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? Backup { get; init; }
}

/// <summary>What a deployment did.</summary>
/// <param name="From">The release that was live before; null when there was none.</param>
/// <param name="Number">Of the release in the cluster's book.</param>
/// <param name="Applied">Number of objects.</param>
public sealed record ClusterOutcome(string Release, string? From, int Number, int Applied, double Seconds, IReadOnlyList<DeployStep> Steps)
{
    /// <summary>Objects that the release has no longer.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>What the operator should know besides.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it did not go live, and the release before it was brought back; null when all went well.</summary>
    public OperationError? Failure { get; init; }
}
