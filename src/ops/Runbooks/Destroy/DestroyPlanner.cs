using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Destroy;

public static class DestroyPlanner
{
    public static Plan Plan(StateDirectory state) => new("Stop the installation and remove its data", [new Step.StopSite(state), new Step.RemoveState(state)]);
}
