using Provost.Runbooks.Targets.Kubernetes;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Who says how many replicas there are, when an autoscaler comes and when it goes.</summary>
public sealed class ReplicaOwnerTests : IDisposable
{
    private const string Api = "/apis/apps/v1/namespaces/provost/deployments/api";
    private static readonly Cluster Scaled = new() { Autoscaling = new() { Enabled = true } };
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task The_replicas_stay_when_an_autoscaler_takes_them_over()
    {
        await DeployAsync(new Cluster());
        var before = Replicas();

        await DeployAsync(Scaled);

        Assert.Equal(2, before);
        Assert.Equal(2, Replicas());
    }

    [Fact]
    public async Task An_autoscaler_that_is_turned_off_gives_the_replicas_back()
    {
        await DeployAsync(Scaled);
        StandInFields.Scale(cluster.Find(Api)!, 7);

        Assert.Null((await DeployAsync(new Cluster())).Failure);

        Assert.Equal(2, Replicas());
    }

    [Fact]
    public async Task A_number_that_somebody_scaled_to_by_hand_stays_a_conflict()
    {
        await DeployAsync(new Cluster());
        StandInFields.Apply(cluster.Find(Api)!, null, "kubectl");
        cluster.Find(Api)!["spec"]!["replicas"] = 5;

        var outcome = await TryAsync(new Cluster());

        Assert.Contains("somebody else manages a field", outcome.Message, StringComparison.Ordinal);
    }

    private Task<ClusterOutcome> DeployAsync(Cluster settings) => cluster.DeployAsync(new ClusterRequest("1.0.0", TestRelease.Manifests("1.0.0", settings)));

    // Going back meets the same conflict.
    private async Task<OperationError> TryAsync(Cluster settings) => await Assert.ThrowsAsync<OperationError>(() => DeployAsync(settings));

    private int Replicas() => (int)cluster.Find(Api)!["spec"]!["replicas"]!;
}
