using Provost.Rendering.Compose;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Runs docker compose. When the container that makes the secrets fails, what it said takes the place of Compose's word that it did.</summary>
internal sealed class ComposeRun(DockerEngine engine, ComposeProject project)
{
    private const int ShownLines = 20;

    public async Task RunAsync(Command command, string what, Action<string> line, CancellationToken cancellation)
    {
        try
        {
            await DockerEngine.RunAsync(command, what, line, cancellation);
        }
        catch (OperationError e) when (IsOfSecrets(e))
        {
            var container = await new ComposeContainers(engine, project).IdAsync(ComposeNames.SecretsService, cancellation);
            var (_, said) = await engine.TryAsync(["logs", "--tail", $"{ShownLines}", container], cancellation);
            throw new OperationError(e.Kind, $"{what}: the secrets could not be made", "do what the last lines of its log say (all of them: provost logs secrets), then run this again", said, e);
        }
    }

    private static bool IsOfSecrets(OperationError error) => error.Details.Any(said =>
        said.Contains($"service \"{ComposeNames.SecretsService}\" didn't complete successfully", StringComparison.Ordinal));
}
