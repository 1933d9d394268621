using System.Text;
using System.Text.Json.Nodes;
using Provost.Rendering.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>One step of a restore, in a container of its own with what the backup container of the site has: it goes when the step is done.</summary>
internal sealed class RestoreContainer(ComposeProject project, string siteName, Action<string> say)
{
    /// <summary>Where a repository of this machine is mounted.</summary>
    public const string From = "/from";

    // Secrets that are new belong to the image's user, who fills them; those of a running site it may only read.
    private const string NewSecrets = $$"""
        services:
          {{ComposeNames.BackupService}}:
            volumes:
              - { type: volume, source: secrets-api, target: {{BackupPlacement.StateDirectory}}/secrets/api, read_only: false, volume: { nocopy: false } }
              - { type: volume, source: secrets-operator, target: {{BackupPlacement.StateDirectory}}/secrets/operator, read_only: false, volume: { nocopy: false } }

        """;

    /// <param name="step">Arguments of the step, its name first.</param>
    /// <param name="repository">A directory of this machine that it reads; null for none.</param>
    /// <param name="kit">Text of a recovery kit; null for none.</param>
    /// <returns>What the step answered.</returns>
    public async Task<string> RunAsync(IReadOnlyList<string> step, CancellationToken cancellation, string? repository = null, string? kit = null)
    {
        List<string> options = ["run", "--rm", "--no-TTY", "--no-deps"];
        if (repository is not null)
        {
            options.AddRange(["--volume", $"{repository}:{From}:ro"]);
        }
        return await AnswerAsync(project.Command(["--progress", "quiet", .. options, .. Tool(step)]), kit, cancellation);
    }

    /// <summary>A step that writes new secrets.</summary>
    public async Task WriteSecretsAsync(IReadOnlyList<string> step, CancellationToken cancellation)
    {
        var file = Path.Combine(project.Folder, ComposeProject.RestoreFile);
        await File.WriteAllTextAsync(file, NewSecrets, cancellation);
        try
        {
            await AnswerAsync(project.With(ComposeProject.RestoreFile, ["--progress", "quiet", "run", "--rm", "--no-TTY", "--no-deps", .. Tool(step)]), null, cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private IReadOnlyList<string> Tool(IReadOnlyList<string> step) =>
        [ComposeNames.BackupService, "restore-step", .. step, "--config", $"{BackupPlacement.Configuration}/provost.yaml", "--site", siteName, "--json"];

    private async Task<string> AnswerAsync(Command command, string? input, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        List<string> lines = [];
        var exit = await Shell.StreamAsync(command, output, line =>
        {
            lines.Add(line);
            say(line);
        }, cancellation, input);
        var answer = Encoding.UTF8.GetString(output.ToArray()).Trim();
        return exit == 0 ? answer : throw Failed(answer, lines);
    }

    // Its own words where it came to say any.
    private static OperationError Failed(string answer, IReadOnlyList<string> lines)
    {
        if (answer.StartsWith('{') && JsonNode.Parse(answer)!["error"] is { } error)
        {
            return new OperationError(
                ErrorKind.Refused, (string)error["what"]!, (string)error["remedy"]!, [.. (error["details"]?.AsArray() ?? []).Select(line => (string)line!)]);
        }
        return DockerFailure.Of("a step of the restore did not run", lines);
    }
}
