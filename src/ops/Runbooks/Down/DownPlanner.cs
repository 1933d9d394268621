using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Down;

public static class DownPlanner
{
    public static Plan Plan(StateDirectory state) => new("Stop the installation; data stay", [new Step.StopSite(state)]);
}
