using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// Takes up what was rendered while the site runs: one container after the other, each healthy before the next is touched.
/// What did not change is left alone. One that does not get healthy ends it: the rest goes on as it was.
/// </summary>
internal sealed class ComposeRoll(ComposeProject project, TimeProvider time)
{
    private readonly ComposeContainers containers = new(new DockerEngine(), project);

    /// <param name="services">In start order.</param>
    public async Task RunAsync(IReadOnlyList<string> services, TimeSpan limit, Action<string> line, CancellationToken cancellation)
    {
        foreach (var service in services)
        {
            var before = await IdAsync(service, cancellation);
            await DockerEngine.RunAsync(project.Command("up", "--detach", service), $"{service} could not be started anew", _ => { }, cancellation);
            await new ComposeReadiness(containers, time).WaitAsync(limit, _ => { }, cancellation, service);
            if (await IdAsync(service, cancellation) != before)
            {
                line($"{service} was started anew and is healthy");
            }
        }
    }

    private async Task<string?> IdAsync(string service, CancellationToken cancellation) =>
        (await containers.ReadAsync(cancellation)).FirstOrDefault(c => c.Service == service)?.Id;
}
