using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets;

public sealed class MachineSettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-env-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_machine_may_move_the_port_without_rendering_anew()
    {
        File.WriteAllText(Path.Combine(folder.FullName, ".env"), "# PROVOST_PORT=1\n#PROVOST_PORT=2\nPROVOST_PORT=\"9000\"\nPROVOST_ADDRESS=10.0.0.1\n");

        Assert.Equal(new Http { Address = "10.0.0.1", Port = 9000 }, Apply(new Site()).Http);
        Assert.Equal(("10.0.0.1", 9000), Apply(new Site { Domain = "insights.example.edu" }) is { Https: var https } ? (https.Address, https.Port) : default);
    }

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        File.WriteAllText(Path.Combine(folder.FullName, ".env"), "PROVOST_PORT=9000\n");

        Assert.Equal(9001, Apply(new Site(), name => name == "PROVOST_PORT" ? "9001" : null).Http.Port);
    }

    [Fact]
    public void Without_either_it_is_that_of_the_installation() => Assert.Equal(new Site().Http, Apply(new Site()).Http);

    [Fact]
    public void What_a_restore_sets_leaves_all_other_lines_and_can_be_taken_back()
    {
        var file = Path.Combine(folder.FullName, ".env");
        File.WriteAllText(file, "# yours\nPROVOST_PORT=9000\n#PROVOST_VOLUMES=\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        MachineSettings.Set("PROVOST_VOLUMES", "-20261129t190247z", folder.FullName);
        Assert.Equal("-20261129t190247z", MachineSettings.Value("PROVOST_VOLUMES", folder.FullName, _ => null));
        Assert.Equal("# yours\nPROVOST_PORT=9000\n#PROVOST_VOLUMES=\nPROVOST_VOLUMES=-20261129t190247z\n", File.ReadAllText(file));

        MachineSettings.Set("PROVOST_VOLUMES", "", folder.FullName);
        Assert.Null(MachineSettings.Value("PROVOST_VOLUMES", folder.FullName, _ => null));
        Assert.Equal("# yours\nPROVOST_PORT=9000\n#PROVOST_VOLUMES=\n", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    private Site Apply(Site site, Func<string, string?>? environment = null) => MachineSettings.Apply(site, folder.FullName, environment ?? (_ => null));
}
