using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What is to be live afterwards.</summary>
/// <param name="Verb">As typed: it stands in the ledger.</param>
/// <param name="Configuration">provost.yaml as text, kept for a rollback.</param>
/// <param name="Release">An installed release.</param>
/// <param name="Tool">This executable, from which a lost agent is started again.</param>
public sealed record DeployRequest(string Verb, Installation Installation, string Site, string Configuration, StateDirectory State, string Release, string Tool)
{
    /// <summary>Takes a backup before anything changes and gives its name; null when none is to be taken.</summary>
    public Func<CancellationToken, Task<string>>? Backup { get; init; }

    /// <summary>Share of the requests that the new replicas get at first, in per cent; null for all at once.</summary>
    public int? Canary { get; init; }

    /// <summary>How long the new replicas are compared with the old ones.</summary>
    public TimeSpan CanaryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether contract migrations are run at the end: older releases cannot come back after that.</summary>
    public bool Contract { get; init; }

    /// <summary>Whether stores are renewed too, one after the other: requests wait for them meanwhile.</summary>
    public bool Stores { get; init; }

    /// <summary>Services that are renewed; the others go on as they run.</summary>
    public IReadOnlyList<string> Only { get; init; } = [Replicas.Api, Replicas.Web, Replicas.Gateway];

    /// <summary>Says why nothing may be touched any more, because somebody else works on the installation; null while that is not so.</summary>
    public Func<OperationError?>? Fence { get; init; }

    /// <summary>Whether the old replicas may finish. Without it they are killed: only for the drill that shows what draining is good for.</summary>
    public bool Drain { get; init; } = true;
}

/// <param name="Seconds">From its begin to its end.</param>
public sealed record DeployStep(string Name, double Seconds);

/// <summary>What a deployment did and what users noticed of it.</summary>
/// <param name="Requests">Answered at the edge while it ran.</param>
/// <param name="Failed">Those among them without a proper answer.</param>
/// <param name="LongestGapMs">Longest time in which the edge gave this machine no good answer, though asked all the time.</param>
/// <param name="SessionsMoved">Live connections that were told to reconnect.</param>
/// <param name="RolledBack">Whether something failed and the old release serves again.</param>
/// <param name="Reason">Why; null when all went well. Without <paramref name="RolledBack"/> the new release serves, and something was left undone.</param>
/// <param name="Details">Probe answers and log lines that go with the reason.</param>
/// <param name="Notes">What the operator should know besides.</param>
public sealed record DeployReport(
    string Release, string From, double DurationSeconds, IReadOnlyList<DeployStep> Steps, long Requests, long Failed, double LongestGapMs, int SessionsMoved,
    bool RolledBack, string? Reason, string? Remedy, IReadOnlyList<string> Details, IReadOnlyList<string> Undone, IReadOnlyList<string> Notes);
