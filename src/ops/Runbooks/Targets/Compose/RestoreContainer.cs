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
        string[] mounted = repository is null ? [] : ["--volume", $"{repository}:{From}:ro"];
        return await AnswerAsync(project.Command([.. Once, .. mounted, .. Tool(step)]), kit, cancellation);
    }

    /// <summary>A step that writes new secrets.</summary>
    public async Task WriteSecretsAsync(IReadOnlyList<string> step, CancellationToken cancellation)
    {
        var file = Path.Combine(project.Folder, ComposeProject.RestoreFile);
        await File.WriteAllTextAsync(file, NewSecrets, cancellation);
        try
        {
            await AnswerAsync(project.With(ComposeProject.RestoreFile, [.. Once, .. Tool(step)]), null, cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What a restore that was killed left running: it would go on writing.</summary>
    public static async Task RemoveLeftAsync(DockerEngine engine, ComposeProject project, CancellationToken cancellation) =>
        await engine.TryAsync(["rm", "--force", NameIn(project)], cancellation);

    // One name, so that there are never two.
    private static string NameIn(ComposeProject project) => $"{project.Name}-restore";

    private IReadOnlyList<string> Once => ["--progress", "quiet", "run", "--rm", "--no-TTY", "--no-deps", "--name", NameIn(project)];

    private IReadOnlyList<string> Tool(IReadOnlyList<string> step) =>
        [ComposeNames.BackupService, "restore-step", .. step, "--config", $"{BackupPlacement.Configuration}/provost.yaml", "--site", siteName, "--json"];

    private async Task<string> AnswerAsync(Command command, string? input, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        List<string> lines = [];
        var exit = await RunAsync(command, output, line =>
        {
            lines.Add(line);
            say(line);
        }, input, cancellation);
        var answer = Encoding.UTF8.GetString(output.ToArray()).Trim();
        return exit == 0 ? answer : throw Failed(answer, lines);
    }

    // Whoever ends the command leaves the container running.
    private async Task<int> RunAsync(Command command, Stream output, Action<string> line, string? input, CancellationToken cancellation)
    {
        try
        {
            return await Shell.StreamAsync(command, output, line, cancellation, input);
        }
        catch (OperationCanceledException)
        {
            await RemoveLeftAsync(new DockerEngine(), project, CancellationToken.None);
            throw;
        }
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
