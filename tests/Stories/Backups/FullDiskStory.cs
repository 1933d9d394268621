using Provost.Harness;
using Provost.Stories.Harness;

namespace Provost.Stories.Backups;

/// <summary>A backup copies all facts beside the living ones: it must not be what fills their disk.</summary>
public sealed class FullDiskStory
{
    private const int Machine = 5;

    [Fact]
    public async Task A_backup_that_would_fill_the_disk_is_refused_and_one_on_a_full_disk_says_why()
    {
        Assert.SkipUnless(Environment.UserName == "root", "extra: only root can make a small disk");
        await using var disk = new SmallDisk();
        await using var installation = await Installation.StartAsync(prepare: disk.MountAsync);

        disk.Fill(free: 60 << 20);
        var refused = await installation.RunAsync("backup", "create", "--json");
        disk.Clear();
        disk.Fill(free: 0);
        var full = await installation.RunAsync("backup", "create", "--json");
        disk.Clear();

        Assert.Equal((Machine, Machine), (refused.ExitCode, full.ExitCode));
        Assert.Contains("of free space to make a backup", refused.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains("space", full.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("free space to make a backup", (await installation.JsonAsync("ledger", "list")).ToString(), StringComparison.Ordinal);
        (await installation.RunAsync("backup", "create")).MustSucceed();
    }
}
