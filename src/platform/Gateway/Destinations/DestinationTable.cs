using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Provost.Gateway.Destinations;

/// <summary>Where requests go. Setting it returns when it is in effect.</summary>
internal sealed class DestinationTable(GatewayOptions options) : IProxyConfigProvider, IConfigChangeListener, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private Snapshot current = new(options.Api, options.Web, null, options);

    /// <summary>With the canary's, if there is one.</summary>
    public IReadOnlyList<string> Api => [.. current.Api, .. current.Canary?.Api ?? []];

    public IReadOnlyList<string> Web => [.. current.Web, .. current.Canary?.Web ?? []];

    public IProxyConfig GetConfig() => current;

    /// <summary>Sends new requests to these addresses only; null leaves a cluster as it is. Without a canary there is none.</summary>
    public async Task SetAsync(IReadOnlyList<string>? api, IReadOnlyList<string>? web, Canary? canary, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var previous = current;
            current = new Snapshot(api ?? previous.Api, web ?? previous.Web, canary, options);
            previous.Replace();
            await current.Applied.Task.WaitAsync(cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        current.Applied.TrySetException(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        current.Applied.TrySetException(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var snapshot in proxyConfigs.OfType<Snapshot>())
        {
            snapshot.Applied.TrySetResult();
        }
    }

    public void Dispose() => turn.Dispose();

#pragma warning disable CA1001 // A source without timer or wait handle holds nothing; YARP keeps the token after the table is gone.
    private sealed class Snapshot : IProxyConfig
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource replaced = new();

        public Snapshot(IReadOnlyList<string> api, IReadOnlyList<string> web, Canary? canary, GatewayOptions options)
        {
            (Api, Web, Canary) = (api, web, canary);
            ChangeToken = new CancellationChangeToken(replaced.Token);
            Clusters =
            [
                Destinations.Clusters.Cluster(Destinations.Clusters.Api, api, canary?.Api ?? [], canary?.Percent ?? 0, options),
                Destinations.Clusters.Cluster(Destinations.Clusters.Web, web, canary?.Web ?? [], canary?.Percent ?? 0, options),
            ];
        }

        public IReadOnlyList<string> Api { get; }

        public IReadOnlyList<string> Web { get; }

        public Canary? Canary { get; }

        public IReadOnlyList<RouteConfig> Routes => Destinations.Clusters.Routes;

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken { get; }

        public TaskCompletionSource Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Replace() => replaced.Cancel();
    }
}
