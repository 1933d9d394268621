using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>One installation for all stories of a class: each leaves it healthy, on the release that it began with.</summary>
public sealed class RunningInstallation : IAsyncLifetime
{
    public Installation Installation { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Installation = await Installation.StartAsync(extraKeys: """
            probes:
              start: 25s
            shutdown:
              drain: 3s
              limit: 10s
        """);

    public ValueTask DisposeAsync() => Installation.DisposeAsync();
}
