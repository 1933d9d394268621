using System.Diagnostics;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>A deployment that is watched while it works.</summary>
internal sealed record DeployRun(int ExitCode, string Output, string Talk)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Deploys and strikes when a stage begins: exactly once, or the story is none.</summary>
    public static async Task<DeployRun> StrikeAsync(Installation installation, string[] arguments, string stage, Func<Process, Task> strike)
    {
        using var deploy = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "provost"), ["deploy", .. arguments])
        {
            WorkingDirectory = installation.Directory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var output = deploy.StandardOutput.ReadToEndAsync(limit.Token);
        var talk = new List<string>();
        var strikes = 0;
        try
        {
            while (await deploy.StandardError.ReadLineAsync(limit.Token) is { } line)
            {
                talk.Add(line);
                if (line.Contains(stage, StringComparison.Ordinal) && strikes++ == 0)
                    await strike(deploy);
            }
            await deploy.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            deploy.Kill(entireProcessTree: true);
            Assert.Fail($"the deployment took more than {Limit}\n{string.Join('\n', talk)}");
        }
        var run = new DeployRun(deploy.ExitCode, await output, string.Join('\n', talk));
        Assert.True(strikes == 1, $"the stage \"{stage}\" began {strikes} times\n{run.Talk}");
        return run;
    }
}
