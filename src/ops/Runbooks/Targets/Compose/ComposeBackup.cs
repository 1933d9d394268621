using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Rendering.Compose;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>The container that makes the backups of a site under Compose, as the machine around it uses it.</summary>
public sealed class ComposeBackup(TargetSite site, TimeProvider time)
{
    private readonly DockerEngine engine = new();
    private readonly ComposeProject project = ComposeProject.Of(site);

    /// <summary>Runs the tool in it, on the streams of this process; its exit code is the result.</summary>
    /// <param name="input">Standard input; null for that of this process.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        await RequireAsync(cancellation);
        return await Shell.AttachAsync(Tool(arguments), input, cancellation);
    }

    /// <summary>Makes a backup and gives its name.</summary>
    public async Task<string> CreateAsync(CancellationToken cancellation)
    {
        await RequireAsync(cancellation);
        var (exit, lines) = await Shell.RunAsync(Tool(["backup", "create", "--json"]), null, cancellation);
        return exit == 0 && lines.LastOrDefault(line => line.StartsWith('{')) is { } answer
            ? (string)JsonNode.Parse(answer)!["id"]!
            : throw new OperationError(ErrorKind.Failed, $"the backup before the deployment was not made (exit code {exit})", "correct what it says; or deploy without one: --no-backup", lines);
    }

    /// <summary>Restores in it, and brings the restored folder here.</summary>
    /// <param name="into">A folder that is not there yet, or is empty.</param>
    public async Task<RestoredBackup> RestoreAsync(IReadOnlyList<string> arguments, string into, Action<string> say, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(into);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new OperationError(ErrorKind.Refused, $"{folder} is not empty", "choose another folder for --into; a restore writes over nothing");
        }
        await RequireAsync(cancellation);
        var staging = folder.TrimEnd('/') + ".restoring";
        ScratchRestore.Remove(staging);
        try
        {
            var restored = await ReceiveAsync(Tool(arguments), staging, say, cancellation);
            ScratchRestore.Remove(folder);
            Directory.Move(staging, folder);
            PrivateFiles.FlushDirectory(Path.GetDirectoryName(folder)!);
            return restored with { Folder = folder, StateDirectory = Path.Combine(folder, Path.GetRelativePath(staging, restored.StateDirectory)) };
        }
        finally
        {
            ScratchRestore.Remove(staging);
        }
    }

    /// <summary>What it remembers of its backups.</summary>
    public async Task<BackupHealth> HealthAsync(CancellationToken cancellation)
    {
        var notes = BackupNotes.None;
        try
        {
            if (await FindAsync(cancellation) is { } container)
            {
                notes = BackupNotes.Parse(await new ComposeContainers(engine, project).FileAsync(
                    container.Id, $"{BackupPlacement.StateDirectory}/{BackupNotes.Folder}/{BackupNotes.Name}", cancellation));
            }
        }
        catch (Exception e) when (e is OperationError or JsonException)
        {
            // It has made none yet.
        }
        return BackupHealth.Of(notes, site.Site.Backup, time);
    }

    private static async Task<RestoredBackup> ReceiveAsync(Command command, string staging, Action<string> say, CancellationToken cancellation)
    {
        List<string> errors = [];
        var pipe = new System.IO.Pipelines.Pipe();
        var receiving = ExtractAsync(pipe.Reader.AsStream(), staging, cancellation);
        int exit;
        await using (var to = pipe.Writer.AsStream())
        {
            exit = await Shell.StreamAsync(command, to, line =>
            {
                errors.Add(line);
                say(line);
            }, cancellation);
        }
        return exit == 0 ? await receiving : throw await FailedAsync(receiving, errors);
    }

    // Closed however it ends: nobody is left writing to it.
    private static async Task<RestoredBackup> ExtractAsync(Stream from, string staging, CancellationToken cancellation)
    {
        await using (from)
        {
            return await RestoredArchive.ExtractAsync(from, staging, cancellation);
        }
    }

    private static async Task<OperationError> FailedAsync(Task<RestoredBackup> receiving, List<string> errors)
    {
        await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new OperationError(ErrorKind.Failed, "the backup was not restored", "the lines above say why; nothing was put into place", errors);
    }

    private Command Tool(IReadOnlyList<string> arguments) => project.Command(
        ["exec", "--no-TTY", ComposeNames.BackupService, "/app/provost", .. arguments, "--config", $"{BackupPlacement.Configuration}/provost.yaml", "--site", site.Name]);

    private async Task RequireAsync(CancellationToken cancellation)
    {
        await engine.RequireComposeAsync(cancellation);
        if (await FindAsync(cancellation) is not { Replica.Pid: not null })
        {
            throw new OperationError(ErrorKind.NotRunning, $"the backup container of {site.Installation.Name} does not run", "start it with: provost up -d");
        }
    }

    private async Task<SiteContainer?> FindAsync(CancellationToken cancellation) =>
        (await new ComposeContainers(engine, project).ReadAsync(cancellation)).FirstOrDefault(c => c.Service == ComposeNames.BackupService);
}
