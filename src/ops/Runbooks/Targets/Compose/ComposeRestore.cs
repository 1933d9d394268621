using System.Globalization;
using System.Text.Json;
using Provost.Rendering.Compose;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <param name="Id">Null for the newest backup.</param>
/// <param name="Replace">Whether volumes that hold data are set aside.</param>
/// <param name="From">A destination of provost.yaml, or a directory of this machine with a repository; null for every destination.</param>
/// <param name="Kit">Text of a recovery kit; null for the installation's own key.</param>
public sealed record ComposeRestoreRequest(string? Id, bool Replace, bool DespiteDamage, string? From, string? Kit);

/// <summary>
/// provost restore into a site under Compose. 1. Refuse what must not be replaced. 2. While the site serves: check every byte, restore
/// to a folder of the backup container, count. 3. Stop. 4. Fill new volumes through stores that run on them, and count again.
/// 5. Name them in .env: from here on they are the site's. 6. Start. Whatever fails after 3 brings back what stood.
/// </summary>
public sealed class ComposeRestore(TargetSite site, TimeProvider time, Action<string> say)
{
    private readonly DockerEngine engine = new();
    private readonly ComposeProject project = ComposeProject.Of(site);
    private readonly RestorePhases phases = new(time);

    public async Task<RestoredBackup> RunAsync(ComposeRestoreRequest request, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await engine.RequireComposeAsync(cancellation);
        var volumes = new StoredVolumes(engine, project, site.Site);
        var standing = await RequireFreeAsync(volumes, request.Replace, cancellation);
        var staged = await StageAsync(request, cancellation);
        FilledStores filled;
        try
        {
            filled = await ReplaceAsync(volumes, cancellation);
        }
        finally
        {
            await RemoveStagedAsync();
        }
        var restored = staged with
        {
            Folder = site.Folder,
            StateDirectory = site.State.Root,
            SetAside = standing.Count == 0 ? null : string.Join(", ", standing),
            ErasuresReplayed = staged.ErasuresReplayed + filled.ErasuresReplayed,
            Seconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3),
            Phases = [.. staged.Phases, .. phases.Ended],
        };
        restored.NoteInLedger(time);
        return restored;
    }

    private ComposeDocument Rendered => new ComposeFiles(project).Running ?? throw new OperationError(
        ErrorKind.Refused, $"{project.Folder} has no rendered files to restore into", "start the site once, empty: provost up -d --no-demo; then: provost restore --replace");

    /// <returns>The volumes that stand.</returns>
    private async Task<IReadOnlyList<string>> RequireFreeAsync(StoredVolumes volumes, bool replace, CancellationToken cancellation)
    {
        if (!Rendered.Text.Contains(ComposeNames.VolumesVariable, StringComparison.Ordinal))
        {
            throw new OperationError(ErrorKind.Refused, $"{ComposeProject.File} was rendered before a site could have other volumes", "render it anew: provost up -d");
        }
        if (new ComposeFiles(project) is { Running: { } running, Next: { } next } && running.Text != next.Text)
        {
            throw new OperationError(ErrorKind.Refused, "a deployment was broken off, and two releases may be running", "settle it first: provost deploy or provost rollback");
        }
        if (Environment.GetEnvironmentVariable(ComposeNames.VolumesVariable) is not null)
        {
            throw new OperationError(ErrorKind.Refused, $"the environment sets {ComposeNames.VolumesVariable}, which would win over .env", $"unset {ComposeNames.VolumesVariable}, and run the restore again");
        }
        var standing = await volumes.StandingAsync(cancellation);
        return standing.Count == 0 || replace ? standing : throw new OperationError(
            ErrorKind.Refused, $"the site {site.Name} holds live data", "restore beside it (--into DIR) and look first; or add --replace: the site is stopped, its volumes are set aside and kept");
    }

    private async Task<RestoredBackup> StageAsync(ComposeRestoreRequest request, CancellationToken cancellation)
    {
        var isDirectory = request.From is { } from && !site.Site.Backup.Destinations.ContainsKey(from);
        List<string> step = ["stage", .. request.Id is { } id ? new[] { id } : []];
        if (request.DespiteDamage)
        {
            step.Add("--despite-damage");
        }
        await RestoreContainer.RemoveLeftAsync(engine, project, cancellation);
        if (isDirectory)
        {
            DestinationAccess.RequireReadable(Path.GetFullPath(request.From!));
        }
        if (request.From is not null)
        {
            step.AddRange(["--from", isDirectory ? RestoreContainer.From : request.From]);
        }
        if (request.Kit is not null)
        {
            step.AddRange(["--kit", "-"]);
        }
        var answer = await Container(project).RunAsync(step, cancellation, isDirectory ? Path.GetFullPath(request.From!) : null, request.Kit);
        return JsonSerializer.Deserialize(answer, StepJson.Default.RestoredBackup)!;
    }

    private async Task<FilledStores> ReplaceAsync(StoredVolumes volumes, CancellationToken cancellation)
    {
        var before = volumes.Ending;
        var filling = project with { Volumes = StoredVolumes.NewEnding(time) };
        var ran = (await new ComposeContainers(engine, project).ReadAsync(cancellation)).Any(c => c.Replica.Pid is not null);
        try
        {
            await phases.RunAsync("stop", () => StopAsync(ran, cancellation));
            var filled = await phases.RunAsync("fill", () => FillAsync(filling, cancellation));
            MachineSettings.Set(ComposeNames.VolumesVariable, filling.Volumes!, project.Folder);
            await phases.RunAsync("start", () => StartAsync(cancellation));
            return filled;
        }
        catch (Exception e) when (e is OperationError or OperationCanceledException or IOException)
        {
            await ReturnAsync(filling, before, ran, e);
            throw e is OperationError error ? new OperationError(error.Kind, $"{error.Message}; the site goes on with the volumes that it had", error.Remedy, error.Details, error) : e;
        }
    }

    // Services first: from then on nobody is erased whom the stores do not know.
    private async Task StopAsync(bool runs, CancellationToken cancellation)
    {
        if (runs)
        {
            say("stopping the site");
            string[] writers = [.. Rendered.Services.Where(s => s.Service is not (null or Replicas.Redis or Replicas.ClickHouse)).Select(s => s.Name)];
            await ComposeAsync(project, ["stop", "--timeout", Seconds(), .. writers], cancellation);
            await Container(project).RunAsync(["erasures"], cancellation);
        }
        await ComposeAsync(project, ["down", "--remove-orphans", "--timeout", Seconds()], cancellation);
    }

    private async Task<FilledStores> FillAsync(ComposeProject filling, CancellationToken cancellation)
    {
        await Container(filling).WriteSecretsAsync(["keys"], cancellation);
        var stores = Rendered.Services.Where(s => s.Service is Replicas.Redis or Replicas.ClickHouse).Select(s => s.Name).ToList();
        await ComposeAsync(filling, ["up", "--detach", .. stores], cancellation);
        foreach (var store in stores)
        {
            await new ComposeReadiness(new ComposeContainers(engine, project), time).WaitAsync(site.Site.Probes.Start, _ => { }, cancellation, store);
        }
        return JsonSerializer.Deserialize(await Container(filling).RunAsync(["fill"], cancellation), StepJson.Default.FilledStores)!;
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        say("starting the site");
        await ComposeAsync(project, ["up", "--detach", "--remove-orphans"], cancellation);
        await new ComposeReadiness(new ComposeContainers(engine, project), time).WaitAsync(site.Site.Probes.Start, _ => { }, cancellation);
    }

    // Without the caller's wish to end: a site that is down is nobody's wish.
    private async Task ReturnAsync(ComposeProject filling, string before, bool ran, Exception cause)
    {
        say($"{cause.Message}: returning to the volumes that stood");
        try
        {
            MachineSettings.Set(ComposeNames.VolumesVariable, before, project.Folder);
            await ComposeAsync(filling, ["down", "--remove-orphans", "--timeout", Seconds()], CancellationToken.None);
            if (ran)
            {
                await StartAsync(CancellationToken.None);
            }
            await new StoredVolumes(engine, project, site.Site).RemoveAsync(filling.Volumes!, CancellationToken.None);
        }
        catch (Exception e) when (e is OperationError or IOException)
        {
            throw new OperationError(
                ErrorKind.Failed, $"{cause.Message}; and the way back failed: {e.Message}", "nothing of what stood was removed: correct that, then start the site with it: provost up -d", (e as OperationError)?.Details, cause);
        }
    }

    private async Task RemoveStagedAsync()
    {
        try
        {
            await Container(project).RunAsync(["remove"], CancellationToken.None);
        }
        catch (OperationError e)
        {
            say($"what was staged in the volume {ComposeNames.BackupWorkVolume} could not be removed ({e.Message}): the next restore does it");
        }
    }

    private RestoreContainer Container(ComposeProject of) => new(of, site.Name, say);

    private Task ComposeAsync(ComposeProject of, string[] arguments, CancellationToken cancellation) =>
        new ComposeRun(engine, of).RunAsync(of.Command(arguments), $"docker compose {arguments[0]} failed", _ => { }, cancellation);

    private string Seconds() => Math.Ceiling((site.Site.Shutdown.Drain + site.Site.Shutdown.Limit).TotalSeconds + 5).ToString(CultureInfo.InvariantCulture);
}
