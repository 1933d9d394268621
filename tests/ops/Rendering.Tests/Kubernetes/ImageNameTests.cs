using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Kubernetes;

public sealed class ImageNameTests
{
    private static readonly Registry Campus = new() { Address = "registry.example.edu/provost" };

    [Fact]
    public void Images_come_from_the_registry_of_the_site_or_else_from_that_of_the_installation()
    {
        Assert.Equal("provost/backend:1.2.3", Image(new(), new()));
        Assert.Equal("registry.example.edu/provost/backend:1.2.3", Image(Campus, new()));
        Assert.Equal("cloud.example/p/backend:1.2.3", Image(Campus, new() { Registry = "cloud.example/p" }));
    }

    private static string Image(Registry registry, ClusterImages images)
    {
        var site = new Site { Target = Target.Kubernetes, Kubernetes = new Cluster { Images = images } };
        return new ClusterSite(new Installation { Registry = registry, Sites = new Dictionary<string, Site> { ["cloud"] = site } }, "cloud", "1.2.3").Image("backend");
    }
}
