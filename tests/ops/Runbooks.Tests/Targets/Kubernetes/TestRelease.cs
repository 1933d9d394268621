using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Releases of a small site, deployed to the stand-in.</summary>
internal static class TestRelease
{
    public static IReadOnlyList<Manifest> Manifests(string version, Cluster? settings = null)
    {
        var site = new Site { Target = Target.Kubernetes, Kubernetes = settings ?? new Cluster() };
        return KubernetesRenderer.Manifests(new ClusterSite(new Installation { Sites = new Dictionary<string, Site> { ["campus"] = site } }, "campus", version));
    }

    public static async Task<ClusterOutcome> DeployAsync(this StandInCluster cluster, ClusterRequest request, Action<string>? say = null)
    {
        using var api = cluster.Connect();
        return await new ClusterDeploy(api, "provost", "provost", new HurriedTime(), say ?? (_ => { })).DeployAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for something that happens soon, and fails when it does not.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var look = 0; !holds(); look++)
        {
            Assert.True(look < 1500, $"not within 30 s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>Time that runs thirty times as fast: what waits for minutes waits for seconds.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Times = 30;

    private readonly long start = System.GetTimestamp();

    public override long GetTimestamp() => start + ((System.GetTimestamp() - start) * Times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan span) => span > TimeSpan.Zero ? span / Times : span;
}
