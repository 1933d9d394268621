using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Runbooks.Trees;
using Provost.Runbooks.Up;

namespace Provost.Runbooks.Plans;

/// <summary>The one place where steps are carried out.</summary>
public sealed class PlanRunner(TimeProvider time, IProgress<StepProgress> progress)
{
    private const int ShownLines = 50;

    public async Task RunAsync(Plan plan, CancellationToken cancellation)
    {
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var (number, step) = (i + 1, plan.Steps[i]);
            progress.Report(new StepProgress(number, plan.Steps.Count, step, null, null));
            var start = time.GetTimestamp();
            await CarryOutAsync(step, line => progress.Report(new StepProgress(number, plan.Steps.Count, step, line, null)), cancellation);
            progress.Report(new StepProgress(number, plan.Steps.Count, step, null, time.GetElapsedTime(start).TotalSeconds));
        }
    }

    private Task CarryOutAsync(Step step, Action<string> line, CancellationToken cancellation) => step switch
    {
        Step.Run run => RunAsync(run, line, cancellation),
        Step.Together together => TogetherAsync(together, line, cancellation),
        Step.PrepareLibrary prepare => Now(() => Build.PrepareLibrary(prepare.Checkout)),
        Step.CleanBundle clean => Now(() => Build.CleanBundle(clean.Checkout)),
        Step.StampBuild stamp => Now(() => Build.Stamp(stamp.Checkout, stamp.Fingerprint)),
        Step.InstallRelease install => Task.Run(() => ReleaseFolder.Install(install.Checkout, install.State, install.Release, install.Keep), cancellation),
        Step.WriteState write => Now(() => StateWriter.Write(write.State, write.Spec, write.Files)),
        Step.StartAgent start => AgentStarter.StartAsync(start.State, start.Tool, time, cancellation),
        Step.Apply apply => ApplyAsync(apply.State, line, cancellation),
        Step.WaitReady wait => new Readiness(wait.State, time).WaitAsync(wait.Limit, line, cancellation),
        Step.LoadDemonstration load => LoadDemonstrationAsync(load, cancellation),
        Step.NoteStart note => Now(() => PrivateFiles.Write(note.State.Started, "\n"u8)),
        Step.StopSite stop => SiteStop.StopAsync(stop.State, time, line, cancellation),
        Step.RequireEngine => new DockerEngine().RequireComposeAsync(cancellation),
        Step.WriteTree tree => Now(() => new TreeFolder(tree.Folder).Write(tree.Tree)),
        Step.CheckTree check => new ComposeFiles(check.Project).CheckAsync(check.Tree, cancellation),
        Step.BuildImages build => new ImageBuild(new DockerEngine(), new OciLayout(build.Layout), build.LockFile).RunAsync(build.Options, line, cancellation),
        Step.FetchImages fetch => new ImageFetch(new DockerEngine(), fetch.Registry).RunAsync(fetch.References, line, cancellation),
        Step.StartRegistry start => start.Container.StartAsync(time, line, cancellation),
        Step.StopRegistry stop => RegistryContainer.StopAsync(stop.Folder, line, cancellation),
        Step.RemoveRegistry remove => RegistryContainer.RemoveAsync(remove.Folder, line, cancellation),
        Step.Compose compose => ComposeAsync(compose, line, cancellation),
        Step.Roll roll => new ComposeRoll(roll.Project, time).RunAsync(roll.Services, roll.Limit, line, cancellation),
        Step.WaitHealthy wait => new ComposeReadiness(new ComposeContainers(new DockerEngine(), wait.Project), time).WaitAsync(wait.Limit, line, cancellation),
        Step.RemoveVolumes remove => new ComposeVolumes(new DockerEngine(), remove.Project).RemoveAsync(line, cancellation),
        Step.RemoveState remove => Now(() => SiteStop.Remove(remove.State)),
        _ => throw new InvalidOperationException($"no way to carry out {step}"),
    };

    private static async Task RunAsync(Step.Run run, Action<string> line, CancellationToken cancellation)
    {
        line(run.Command.ToString());
        var (exitCode, lines) = await Shell.RunAsync(run.Command, line, cancellation);
        if (exitCode != 0)
        {
            throw new OperationError(ErrorKind.Failed, $"{run.Title} failed: {run.Command.Program} exited with code {exitCode}", run.Remedy, [.. lines.TakeLast(ShownLines)]);
        }
    }

    private async Task TogetherAsync(Step.Together together, Action<string> line, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(together.Steps.Select(async step =>
        {
            try
            {
                await CarryOutAsync(step, line, failed.Token);
            }
            catch (OperationError)
            {
                await failed.CancelAsync();
                throw;
            }
        }));
    }

    private static async Task ApplyAsync(StateDirectory state, Action<string> line, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        using var applied = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var telling = TellAsync(agent, line, applied.Token);
        var answer = await agent.ApplyAsync(cancellation);
        await applied.CancelAsync();
        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!answer.Done)
        {
            throw new OperationError(ErrorKind.NotReady, $"the configuration could not be applied: {answer.Problem}", "provost logs shows more; correct provost.yaml and run provost up again");
        }
    }

    private static async Task TellAsync(AgentClient agent, Action<string> line, CancellationToken cancellation)
    {
        await foreach (var happened in agent.EventsAsync(cancellation))
        {
            line($"{happened.Replica} {happened.Kind}: {happened.Message}");
        }
    }

    private static async Task LoadDemonstrationAsync(Step.LoadDemonstration load, CancellationToken cancellation)
    {
        using var operation = OperatorClient.For(load.State);
        await Demonstration.LoadAsync(operation, cancellation);
    }

    private static Task ComposeAsync(Step.Compose compose, Action<string> line, CancellationToken cancellation)
    {
        var command = compose.Project.Command(compose.Arguments);
        line(command.ToString());
        return new ComposeRun(new DockerEngine(), compose.Project).RunAsync(command, $"docker compose {compose.Arguments[0]} failed", line, cancellation);
    }

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
