using System.Diagnostics;
using Provost.Harness;
using Provost.Stories.Harness;

namespace Provost.Stories.Deployments;

/// <summary>A disk that is full before a deployment, or gets full in the middle of one. On a small disk of its own.</summary>
public sealed class FullDiskStory(ITestOutputHelper output)
{
    private const int Machine = 5;
    private const int Returned = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_stops_a_deployment_and_the_old_release_serves_on()
    {
        Assert.SkipUnless(Environment.UserName == "root", "extra: only root can make a small disk");
        await using var disk = new SmallDisk();
        await using var installation = await Installation.StartAsync(prepare: disk.MountAsync, extraKeys: """
                probes: { start: 25s }
                shutdown: { drain: 1s, limit: 10s }
            """);
        var release = (await installation.JsonAsync("status")).GetProperty("release").GetString()!;

        disk.Fill(free: 100 << 20);
        var refused = await Command.ProvostAsync(installation.Directory, Limit, "deploy", release, "--json");
        disk.Clear();
        Assert.Equal(Machine, refused.ExitCode);
        Assert.Contains("MiB are free", refused.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
        await MustServeAsync(installation, release);

        var returned = await DeployAsync(installation, release, disk);
        output.WriteLine(returned.ToString());
        Assert.Equal(Returned, returned.ExitCode);
        Assert.Contains("space", returned.Talk + returned.Output, StringComparison.OrdinalIgnoreCase);
        disk.Clear();
        await MustServeAsync(installation, release);

        (await Command.ProvostAsync(installation.Directory, Limit, "deploy", release)).MustSucceed();
        await MustServeAsync(installation, release);
    }

    private static async Task<CommandResult> DeployAsync(Installation installation, string release, SmallDisk disk)
    {
        using var deploy = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "provost"), ["deploy", release])
        {
            WorkingDirectory = installation.Directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var talk = new List<string>();
        while (await deploy.StandardError.ReadLineAsync(Stop) is { } line)
        {
            talk.Add(line);
            if (line.Contains("Start the new replicas", StringComparison.Ordinal))
                disk.Fill(free: 0);
        }
        var answer = await deploy.StandardOutput.ReadToEndAsync(Stop);
        await deploy.WaitForExitAsync(Stop);
        return new CommandResult("provost deploy", deploy.ExitCode, answer, string.Join('\n', talk));
    }

    private static async Task MustServeAsync(Installation installation, string release)
    {
        for (var patience = Stopwatch.StartNew(); (await installation.RunAsync("status")).ExitCode != 0; await Task.Delay(300, Stop))
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "not healthy within a minute of space");
        Assert.Equal(release, (await installation.JsonAsync("status")).GetProperty("release").GetString());
        (await installation.RunAsync("smoke")).MustSucceed();
        (await installation.RunAsync("ledger", "verify")).MustSucceed();
        Assert.Equal("free", (await installation.RunAsync("lock", "status")).Output.Trim());
    }
}
