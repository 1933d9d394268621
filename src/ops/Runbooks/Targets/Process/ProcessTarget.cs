using Provost.Runbooks.Destroy;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Down;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Plain processes on this machine, through their agent.</summary>
public sealed class ProcessTarget(TargetSite site, TimeProvider time) : ITarget
{
    public Task<SiteStatus> StatusAsync(CancellationToken cancellation) => SiteStatus.ReadAsync(site.State, cancellation);

    public IAsyncEnumerable<LogLine> LogsAsync(LogRequest request, CancellationToken cancellation) => new LogReader(site.State, time).ReadAsync(request, cancellation);

    public Task<OperatorClient> OperatorAsync(CancellationToken cancellation) => Task.FromResult(OperatorClient.For(site.State));

    public async Task RestartAsync(string replicaOrService, CancellationToken cancellation)
    {
        using var agent = new AgentClient(site.State.AgentSocket);
        if (await agent.StatusAsync(cancellation) is null)
        {
            throw new OperationError(ErrorKind.NotRunning, "no agent answers", "provost up -d brings it back");
        }
        var answer = await agent.RestartAsync(replicaOrService, cancellation);
        if (!answer.Done)
        {
            throw new OperationError(ErrorKind.NotReady, answer.Problem ?? "the agent gave no reason", $"provost logs {replicaOrService}");
        }
    }

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellation)
    {
        var status = await StatusAsync(cancellation);
        return
        [
            .. Machine.Examine(new MachineRequest(site.Installation, site.Site, site.State, site.Checkout), status.Status is not null),
            .. Running.Examine(site.Installation, site.Site, site.State, status),
        ];
    }

    public Plan Stop() => DownPlanner.Plan(site);

    public Plan Destroy() => DestroyPlanner.Plan(site);
}
