using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Targets.Kubernetes.Bootstrap;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class BootstrapTests : IDisposable
{
    private const string Classes = "/apis/storage.k8s.io/v1/storageclasses";
    private readonly StandInCluster cluster = new();

    public BootstrapTests()
    {
        cluster.Put("/version", new JsonObject { ["major"] = "1", ["minor"] = "36+", ["gitVersion"] = "v1.36.0", ["metadata"] = new JsonObject() });
        Put($"{Classes}/local", new JsonObject { ["provisioner"] = "local", ["allowVolumeExpansion"] = true }, new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" });
        Put("/api/v1/nodes/one", new JsonObject { ["status"] = new JsonObject { ["allocatable"] = new JsonObject { ["cpu"] = "4", ["memory"] = "8000000Ki" } } });
        Put("/apis/apps/v1/daemonsets/calico-node", []);
    }

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_cluster_with_everything_is_found_good()
    {
        var findings = await ExamineAsync(new Cluster());

        Assert.All(findings, finding => Assert.True(finding.Ok, finding.ToString()));
        Assert.Equal(["version", "storage", "room", "policies", "edge", "admission", "rights"], findings.Select(f => f.Check));
        Assert.All(findings, finding => Assert.Null(finding.Remedy));
        Assert.DoesNotContain(cluster.Objects.Keys, key => key.StartsWith("/api/v1/namespaces", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v1.29.4+k3s1", "k3s")]
    [InlineData("v1.29.4-gke.100", "console")]
    [InlineData("v1.29.4", "kubeadm upgrade")]
    public async Task A_cluster_that_is_too_old_is_upgraded_in_its_own_way(string version, string remedy)
    {
        cluster.Put("/version", new JsonObject { ["major"] = "1", ["minor"] = "29", ["gitVersion"] = version, ["metadata"] = new JsonObject() });

        var finding = await FindAsync(new Cluster(), "version");

        Assert.False(finding.Ok);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_default_class_volumes_would_wait_for_ever()
    {
        cluster.Objects.Remove($"{Classes}/local");

        var finding = await FindAsync(new Cluster(), "storage");

        Assert.False(finding.Ok);
        Assert.Contains("is-default-class=true", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_is_named_must_be_there_and_says_whether_volumes_can_grow()
    {
        var named = new Cluster { Redis = new() { StorageClass = "fast" } };

        Assert.Contains("there are: local", (await FindAsync(named, "storage")).What, StringComparison.Ordinal);

        Put($"{Classes}/fast", new JsonObject { ["provisioner"] = "csi" });
        Assert.Contains("cannot grow", (await FindAsync(named, "storage")).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_are_too_small_are_told_beforehand()
    {
        Put("/api/v1/nodes/one", new JsonObject { ["status"] = new JsonObject { ["allocatable"] = new JsonObject { ["cpu"] = "200m", ["memory"] = "512Mi" } } });

        Assert.False((await FindAsync(new Cluster(), "room")).Ok);
    }

    [Fact]
    public async Task Policies_that_nobody_enforces_are_told()
    {
        cluster.Objects.Remove("/apis/apps/v1/daemonsets/calico-node");

        Assert.Contains("calico", (await FindAsync(new Cluster(), "policies")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ingress_needs_its_class()
    {
        var site = new Cluster { Edge = new() { Kind = EdgeKind.Ingress, Class = "traefik" } };

        Assert.False((await FindAsync(site, "edge")).Ok);

        Put("/apis/networking.k8s.io/v1/ingressclasses/traefik", new JsonObject { ["spec"] = new JsonObject { ["controller"] = "traefik.io/ingress-controller" } });
        Assert.True((await FindAsync(site, "edge")).Ok);
    }

    [Theory]
    [InlineData("metrics", "metrics server")]
    [InlineData("certificate", "cert-manager")]
    [InlineData("secrets", "External Secrets Operator")]
    public async Task What_only_some_sites_need_is_asked_of_those(string check, string what)
    {
        var site = new Cluster
        {
            Autoscaling = new() { Enabled = true },
            Tls = new() { Source = TlsSource.CertManager, Issuer = "letsencrypt" },
            Secrets = new() { Source = SecretSource.ExternalSecrets, Store = "campus" },
        };

        var finding = await FindAsync(site, check);

        Assert.False(finding.Ok);
        Assert.Contains(what, finding.What + finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(await ExamineAsync(new Cluster()), f => f.Check == check);
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named_exactly()
    {
        cluster.Denied.Add("patch networkpolicies");
        cluster.Denied.Add("update secrets");

        var finding = await FindAsync(new Cluster(), "rights");

        Assert.False(finding.Ok);
        Assert.Contains("patch networkpolicies.networking.k8s.io in provost", finding.What, StringComparison.Ordinal);
        // The role of the job that makes secrets cannot be given by somebody without that right.
        Assert.Contains("update secrets in provost", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_engine_that_refuses_the_namespace_is_quoted()
    {
        cluster.Refuse = (method, path) => method == "PATCH" && path == "/api/v1/namespaces/provost" ? (403, "Forbidden", "admission webhook denied: every namespace needs an owner label") : null;

        Assert.Contains("owner label", (await FindAsync(new Cluster(), "admission")).What, StringComparison.Ordinal);
    }

    private void Put(string path, JsonObject body, JsonObject? annotations = null)
    {
        body["metadata"] = new JsonObject { ["name"] = path[(path.LastIndexOf('/') + 1)..], ["annotations"] = annotations };
        cluster.Put(path, body);
    }

    private async Task<Finding> FindAsync(Cluster site, string check) => (await ExamineAsync(site)).First(f => f.Check == check);

    private async Task<IReadOnlyList<Finding>> ExamineAsync(Cluster site)
    {
        using var api = cluster.Connect();
        var installation = new Installation { Sites = new Dictionary<string, Site> { ["campus"] = new() { Target = Target.Kubernetes, Domain = site.Tls.Source is TlsSource.None ? null : "insights.example.edu", Kubernetes = site } } };
        return await new BootstrapRunbook(api, new ClusterSite(installation, "campus", "1.0.0")).ExamineAsync(TestContext.Current.CancellationToken);
    }
}
