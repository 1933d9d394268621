namespace Provost.Cli.Tests.Commands;

/// <summary>What an operator does wrong with repositories and kits: its message, its exit code.</summary>
public sealed class RecoveryKitTests
{
    private const int Refused = 8;

    [Fact]
    public async Task A_repository_without_a_backup_and_a_kit_of_another_one_are_refused()
    {
        using var tool = new Tool();
        using var other = new Tool();
        var (kit, wrong) = (await KitAsync(tool), await KitAsync(other));
        var repository = Path.Combine(tool.Folder, ".provost-backups", "local");

        var empty = await tool.RunAsync("restore", "--into", "restored", "--from", repository, "--kit", kit, "--json");
        var stranger = await tool.RunAsync("restore", "--into", "restored", "--from", repository, "--kit", wrong, "--json");
        var nothing = await tool.RunAsync("restore", "--into", "restored", "--from", tool.Folder, "--kit", kit, "--json");

        Assert.Equal((Refused, Refused, Refused), (empty.ExitCode, stranger.ExitCode, nothing.ExitCode));
        Assert.Contains("holds no backup", What(empty), StringComparison.Ordinal);
        Assert.Contains("does not open the repository", What(stranger), StringComparison.Ordinal);
        Assert.Contains("there is no repository at", What(nothing), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tool.Folder, "restored")));
    }

    [Fact]
    public async Task An_installation_that_lost_its_key_makes_no_new_one_and_adopts_it_from_the_kit()
    {
        using var tool = new Tool();
        using var other = new Tool();
        var (kit, wrong) = (await KitAsync(tool), await KitAsync(other));
        var key = Path.Combine(tool.Folder, ".provost", "secrets", "operator", "Backup__Key");
        var before = await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken);
        File.Delete(key);

        var lost = await tool.RunAsync("recovery-kit", "create", "--json");
        var stranger = await tool.RunAsync("recovery-kit", "adopt", wrong, "--json");
        Assert.False(File.Exists(key));
        var adopted = await tool.RunAsync("recovery-kit", "adopt", kit);

        Assert.Equal((Refused, Refused, 0), (lost.ExitCode, stranger.ExitCode, adopted.ExitCode));
        Assert.Contains("recovery-kit adopt", lost.Json.GetProperty("error").GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains("opens none of the destinations", What(stranger), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_destination_that_cannot_be_opened_is_said_by_list_and_prune()
    {
        using var tool = new Tool();
        await KitAsync(tool);
        tool.Write("""
            name: provost
            sites:
              local:
                backup:
                  destinations:
                    disk: { directory: .provost-backups }
                    lost: { directory: nowhere }
            """);

        foreach (var verb in (string[])["list", "prune"])
        {
            var run = await tool.RunAsync("backup", verb);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains("NOT at lost: there is no repository at", run.Talk, StringComparison.Ordinal);
        }
    }

    private static async Task<string> KitAsync(Tool tool)
    {
        if (!File.Exists(Path.Combine(tool.Folder, "provost.yaml")))
        {
            tool.Write("name: provost\n");
        }
        var kit = await tool.RunAsync("recovery-kit", "create");
        Assert.True(kit.ExitCode == 0, kit.Talk);
        var file = Path.Combine(tool.Folder, "kit.txt");
        await File.WriteAllTextAsync(file, kit.Output, TestContext.Current.CancellationToken);
        return file;
    }

    private static string What(Run run) => run.Json.GetProperty("error").GetProperty("what").GetString()!;
}
