using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>One installation for all stories of a class: each leaves it healthy, on the release that it began with.</summary>
public sealed class RunningInstallation : IAsyncLifetime
{
    private string? other;

    public Installation Installation { get; private set; } = null!;

    /// <summary>A release that works as the first one does and has another name.</summary>
    public async Task<string> OtherAsync()
    {
        // Five are kept: what other stories forge may have pushed it out.
        if (other is null || !Directory.Exists(Path.Combine(Installation.StateDirectory, "releases", other)))
            other = await ReleaseForge.CreateAsync(Installation, "8.9.0");
        return other;
    }

    public async ValueTask InitializeAsync() => Installation = await Installation.StartAsync(extraKeys: """
            probes:
              start: 25s
            shutdown:
              drain: 3s
              limit: 10s
        """);

    public ValueTask DisposeAsync() => Installation.DisposeAsync();
}
