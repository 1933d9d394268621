using System.Text;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>The platform's operator API in a cluster: each connection is forwarded to a pod of the backend that is ready.</summary>
/// <param name="api">Belongs to the client that is opened.</param>
public sealed class ClusterDoor(ApiConnection api, string space, string installation)
{
    // The name is nobody's: the connection is made before anything is looked up.
    private static readonly Uri Inside = new("http://api");

    public async Task<OperatorClient> OpenAsync(CancellationToken cancellation)
    {
        var token = await TokenAsync(cancellation);
        // The first connection is made here, where a refusal is still in the cluster's own words.
        Stream? first = await ConnectAsync(cancellation);
        return OperatorClient.For(new OperatorDoor(Inside, null, token, null)
        {
            Connect = async connecting => Interlocked.Exchange(ref first, null) ?? await ConnectAsync(connecting),
            Owned = api,
        });
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellation) =>
        await api.ForwardAsync($"{Pods}/{await ReadyPodAsync(cancellation)}", ContainerPlacement.HttpPort, cancellation);

    private string Pods => ApiPath.Collection("v1", "Pod", space);

    private async Task<string> TokenAsync(CancellationToken cancellation)
    {
        var name = SecretNames.Of(Secrets.Operator);
        var secret = await api.FindAsync($"{ApiPath.Collection("v1", "Secret", space)}/{name}", cancellation);
        return (string?)secret?["data"]?[Secrets.OperatorToken] is { } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : throw new OperationError(
            ErrorKind.NotRunning, $"there is no Secret {name} with {Secrets.OperatorToken} in namespace {space} of {api.ClusterName}", "install the site first: provost deploy");
    }

    private async Task<string> ReadyPodAsync(CancellationToken cancellation)
    {
        var selector = Uri.EscapeDataString($"app.kubernetes.io/name={Replicas.Api}");
        var answer = await api.GetAsync($"{Pods}?labelSelector={selector}", cancellation);
        var mine = (answer["items"] as JsonArray ?? []).OfType<JsonNode>().Where(pod => (string?)pod["metadata"]!["labels"]?["app.kubernetes.io/instance"] == installation);
        return mine.Where(IsReady).Select(pod => (string)pod["metadata"]!["name"]!).Order(StringComparer.Ordinal).FirstOrDefault() ?? throw new OperationError(
            ErrorKind.NotReady, $"no pod of {Replicas.Api} is ready in namespace {space} of {api.ClusterName}", "see why with: provost status");
    }

    private static bool IsReady(JsonNode pod) => pod["metadata"]!["deletionTimestamp"] is null
        && (pod["status"]?["conditions"] as JsonArray ?? []).Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True");
}
