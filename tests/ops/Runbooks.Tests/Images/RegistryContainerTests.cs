using Provost.Runbooks.Destroy;
using Provost.Runbooks.Down;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Targets;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Images;

/// <summary>Which site runs the registry of an installation, and what its verbs do with it. That it starts is told by the stories.</summary>
public sealed class RegistryContainerTests : IDisposable
{
    private readonly TemporaryState state = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-registry-");

    public void Dispose()
    {
        state.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Clients_are_given_the_account_and_the_authority_of_its_folder()
    {
        var address = ConfiguredRegistry.Of(Installation(new Registry { Own = new() { Host = "registry.example.edu", Folder = folder.FullName } }))!.Address;

        Assert.Equal("registry.example.edu:5000/provost/backend", address.Name("backend"));
        Assert.Equal(("provost", $"{folder}/password", $"{folder}/ca.crt"), (address.User, address.PasswordFile, address.AuthorityFile));
    }

    [Fact]
    public void The_installations_own_authority_issues_where_its_key_is_on_the_machine()
    {
        var secure = new Site { Domain = "insights.example.edu" };

        Assert.Equal($"{state.State.Root}/certificates/ca.crt", Of(secure)!.AuthorityFile);
        Assert.Null(Of(secure with { Target = Target.Compose })!.AuthorityFile);
        Assert.Null(Of(secure with { Https = new() { Certificate = "/chain.pem", Key = "/key.pem" } })!.AuthorityFile);
        Assert.Null(Of(new Site())!.AuthorityFile);
    }

    [Fact]
    public void Another_site_leaves_it_alone()
    {
        var installation = Installation(new Registry { Own = new() { Folder = folder.FullName, Site = "lab" } }) with
        {
            Sites = new Dictionary<string, Site> { ["local"] = new(), ["lab"] = new() },
        };
        File.WriteAllText(RegistryFolder.ComposeFile(folder.FullName), "");

        Assert.Null(RegistryContainer.Of(At(installation)));
        Assert.Null(RegistryContainer.FolderOf(At(installation)));
        Assert.NotNull(RegistryContainer.Of(At(installation) with { Name = "lab" }));
    }

    [Fact]
    public void Down_stops_it_and_destroy_removes_it_before_the_state()
    {
        var site = At(Installation(new Registry { Own = new() { Folder = folder.FullName } }));
        Assert.DoesNotContain(DownPlanner.Plan(site).Steps, step => step is Step.StopRegistry);
        File.WriteAllText(RegistryFolder.ComposeFile(folder.FullName), "");

        Assert.Equal([new Step.StopSite(site.State), new Step.StopRegistry(folder.FullName)], DownPlanner.Plan(site).Steps);
        Assert.Equal([new Step.StopSite(site.State), new Step.RemoveRegistry(folder.FullName), new Step.RemoveState(site.State)], DestroyPlanner.Plan(site).Steps);
    }

    [Fact]
    public void One_that_the_file_does_not_name_any_more_is_stopped_too()
    {
        var left = Directory.CreateDirectory(Path.Combine(folder.FullName, OwnRegistry.DefaultFolder)).FullName;
        File.WriteAllText(RegistryFolder.ComposeFile(left), "");

        Assert.Equal(left, RegistryContainer.FolderOf(At(Installation(new()))));
    }

    private RegistryContainer? Of(Site site) =>
        RegistryContainer.Of(At(Installation(new Registry { Own = new() { Folder = folder.FullName } }) with { Sites = new Dictionary<string, Site> { ["local"] = site } }));

    private static Installation Installation(Registry registry) => new() { Name = "north", Registry = registry };

    private TargetSite At(Installation installation) => new(installation, "local", state.State, folder.FullName, null);
}
