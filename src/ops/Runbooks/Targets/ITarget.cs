using Provost.Runbooks.Doctor;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets;

/// <summary>How a site is run: what the verbs do is the same everywhere, and this is what differs.</summary>
public interface ITarget
{
    Task<SiteStatus> StatusAsync(CancellationToken cancellation);

    IAsyncEnumerable<LogLine> LogsAsync(LogRequest request, CancellationToken cancellation);

    /// <summary>The platform's operator API, with the token that lies where the site runs.</summary>
    Task<OperatorClient> OperatorAsync(CancellationToken cancellation);

    /// <summary>Starts a replica, or every replica of a service, anew, one after the other.</summary>
    Task RestartAsync(string replicaOrService, CancellationToken cancellation);

    Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellation);

    Plan Stop();

    /// <summary>Stops everything and removes the data.</summary>
    Plan Destroy();
}

/// <param name="Folder">The folder of provost.yaml.</param>
/// <param name="Checkout">Null when the tool was installed without sources.</param>
public sealed record TargetSite(Installation Installation, string Name, StateDirectory State, string Folder, Checkout? Checkout)
{
    public Site Site => Installation.Sites[Name];
}
