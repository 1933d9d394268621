using Provost.Rendering.Process;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class ReplicaStartsTests
{
    [Fact]
    public void Nothing_is_missing_when_all_that_came_are_ready() =>
        Assert.Null(ReplicaStarts.Missing([Spec("api-3"), Spec("api-4")], Status(("api-1", false), ("api-3", true), ("api-4", true))));

    [Fact]
    public void The_first_that_is_not_ready_is_named_with_its_answer()
    {
        var missing = ReplicaStarts.Missing([Spec("api-3"), Spec("api-4")], Status(("api-3", true), ("api-4", false)));

        Assert.Equal(("api-4", "503"), (missing!.Value.Replica.Id, missing.Value.Problem));
    }

    [Fact]
    public void One_that_the_agent_does_not_know_is_missing_too()
    {
        var missing = ReplicaStarts.Missing([Spec("api-3"), Spec("api-4")], Status(("api-3", true)));

        Assert.Equal("api-4", missing!.Value.Replica.Id);
        Assert.Contains("has not started it", missing.Value.Problem, StringComparison.Ordinal);
    }

    private static AgentStatus Status(params (string Id, bool Ready)[] replicas) => new(
        1, "", 0, "test", "local", "1", "", "", false, [.. replicas.Select(r => new ReplicaStatus(r.Id, "api", 1, r.Ready, 0, 0, Phase.Running, null, r.Ready ? null : "503", false))]);

    private static ReplicaSpec Spec(string id) => new(id, "api", "", [], new Dictionary<string, string>(), [], [], new ProbeTarget.Http(1), "", true, 1);
}
