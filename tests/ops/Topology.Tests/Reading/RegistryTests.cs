using Provost.Topology.Model;
using Provost.Topology.Reading;
using Provost.Topology.Reference;

namespace Provost.Topology.Tests.Reading;

public sealed class RegistryTests
{
    [Fact]
    public void None_is_configured_unless_the_file_says_so()
    {
        Assert.Null(Installation("name: north\n").Registry.Images());
        Assert.Null(Installation("registry:\n").Registry.Images());
        Assert.Null(Installation("name: north\n").RegistrySite());
    }

    [Theory]
    [InlineData("registry:\n  own:\n", "localhost:5000/provost")]
    [InlineData("registry: { own: {} }\n", "localhost:5000/provost")]
    [InlineData("registry: { own: { host: registry.example.edu, port: 5443 } }\n", "registry.example.edu:5443/provost")]
    [InlineData("registry: { address: 'registry.example.edu:5000/campus/provost' }\n", "registry.example.edu:5000/campus/provost")]
    public void The_names_of_images_start_with_it(string text, string images) => Assert.Equal(images, Installation(text).Registry.Images());

    [Fact]
    public void One_of_its_own_runs_on_the_only_machine_or_on_that_of_the_site_that_is_named()
    {
        const string cloud = "sites:\n  campus: { target: compose }\n  cloud: { target: kubernetes }\n";
        Assert.Equal("campus", Installation($"registry: {{ own: {{ host: registry.example.edu }} }}\n{cloud}").RegistrySite());
        Assert.Equal("lab", Installation($"registry: {{ own: {{ host: registry.example.edu, site: lab }} }}\n{cloud}  lab: {{}}\n").RegistrySite());
    }

    [Theory]
    [InlineData("registry: { keep: 3 }", "registry: names no registry.")]
    [InlineData("registry: { user: provost, passwordFile: p }", "registry: names no registry.")]
    [InlineData("registry: { own: {}, address: registry.example.edu }", "registry.address: is set beside own.")]
    [InlineData("registry: { own: {}, user: ada }", "registry.user: is set beside own,")]
    [InlineData("registry: { own: {}, passwordFile: p }", "registry.passwordFile: is set beside own,")]
    [InlineData("registry: { own: {}, authorityFile: ca.crt }", "registry.authorityFile: is set beside own,")]
    [InlineData("registry: { address: registry.example.edu, user: provost }", "registry.user: has no password.")]
    [InlineData("registry: { address: registry.example.edu, passwordFile: p }", "registry.passwordFile: is set, but no user has that password.")]
    [InlineData("registry: { address: 'https://registry.example.edu' }", "registry.address: \"https://registry.example.edu\" is not allowed.")]
    [InlineData("registry: { own: { port: 8080 } }", "registry.own.port: 8080 is the public port of the site local too.")]
    [InlineData("registry: { own: { port: 0 } }", "registry.own.port: \"0\" is not allowed.")]
    [InlineData("registry: { own: { site: lab } }", "registry.own.site: there is no site lab.")]
    [InlineData("registry: { own: {} }\nsites: { a: {}, b: {} }", "registry.own.site: is missing, and 2 sites run on machines.")]
    [InlineData("registry: { own: { host: r.example } }\nsites: { a: { target: kubernetes } }", "registry.own.site: is missing, and no site runs on a machine.")]
    [InlineData("registry: { own: { host: r.example, site: a } }\nsites: { a: { target: kubernetes }, b: {} }", "registry.own.site: a runs on Kubernetes.")]
    [InlineData("registry: { own: {} }\nsites: { a: { target: kubernetes }, b: {} }", "registry.own.host: is localhost, where the nodes of the site a find no registry.")]
    public void What_contradicts_is_refused_with_its_key_and_a_remedy(string text, string expected)
    {
        var refused = Assert.Single(TopologyFile.Read(text, "provost.yaml").Problems);

        Assert.StartsWith($"provost.yaml:1:{refused.Column}: {expected}", refused.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }

    [Theory]
    [InlineData("registry: { own: { host: registry.example.edu } }\n")]
    [InlineData("registry: { address: registry.example.edu/p, user: u, passwordFile: p, authorityFile: ca.crt, keep: 3 }\n")]
    [InlineData("name: north\n")]
    public void Written_out_it_reads_back_to_the_same(string text)
    {
        var installation = Installation(text);

        Assert.Equal(installation.Registry, Installation(ConfigurationPage.Yaml(installation)).Registry);
    }

    private static Installation Installation(string text)
    {
        var read = TopologyFile.Read(text, "provost.yaml");
        Assert.Empty(read.Problems);
        return read.Installation!;
    }
}
