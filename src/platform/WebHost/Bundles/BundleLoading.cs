namespace Provost.WebHost.Bundles;

/// <summary>Reads the bundle before the first request is accepted; asking for it is all there is to do.</summary>
internal sealed class BundleLoading(Bundle bundle, BundleKeeping keeping) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        keeping.Keep();
        return bundle.CheckAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
