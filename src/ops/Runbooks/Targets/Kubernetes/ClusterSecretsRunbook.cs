using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>
/// Makes the secrets of a site that are missing, with one value for all services that share one. What is there stays as it is:
/// the job may run any number of times, and several at once.
/// </summary>
public sealed class ClusterSecretsRunbook(ApiConnection api, string space, string installation)
{
    private const int Attempts = 5;

    // First the one that cannot be made twice: whoever finds it knows that this is no new installation.
    private static IEnumerable<string> InOrder => SecretNames.Services.OrderBy(service => service == Replicas.Api ? 0 : 1);

    /// <returns>Names of the Secrets that were made.</returns>
    public async Task<IReadOnlyList<string>> EnsureAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await EnsureOnceAsync(cancellation);
            }
            catch (ApiRefusal refusal) when (refusal.IsConflict && attempt < Attempts)
            {
                // Another one was faster: what it made counts.
            }
        }
    }

    private async Task<IReadOnlyList<string>> EnsureOnceAsync(CancellationToken cancellation)
    {
        var present = new Dictionary<string, JsonObject>();
        foreach (var service in SecretNames.Services)
        {
            if (await api.FindAsync(PathOf(SecretNames.Of(service)), cancellation) is { } found)
            {
                present[service] = found;
            }
        }
        RequireKeys(present);
        var values = Values(present);
        List<string> made = [];
        foreach (var service in InOrder)
        {
            var wanted = SecretNames.ValuesOf(service).ToDictionary(name => name, name => values[name]);
            if (await PutAsync(SecretNames.Of(service), service, wanted, present.GetValueOrDefault(service), cancellation))
            {
                made.Add(SecretNames.Of(service));
            }
        }
        return made;
    }

    // With these values, or with those that it lacks; true when something changed.
    private async Task<bool> PutAsync(string name, string component, IReadOnlyDictionary<string, string> values, JsonObject? found, CancellationToken cancellation)
    {
        if (found is null)
        {
            return await CreateAsync(name, component, values, cancellation);
        }
        var data = found["data"] as JsonObject ?? [];
        var missing = values.Where(pair => data[pair.Key] is null).ToList();
        if (missing.Count == 0)
        {
            return false;
        }
        foreach (var (key, value) in missing)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        }
        if (found["data"] is null)
        {
            found["data"] = data;
        }
        await api.SendAsync(HttpMethod.Put, PathOf(name), found, cancellation);
        return true;
    }

    // New keys beside old data would make them unreadable for good, without anybody noticing at first.
    private void RequireKeys(Dictionary<string, JsonObject> present)
    {
        if (present.Count > 0 && !present.ContainsKey(Replicas.Api))
        {
            throw new OperationError(
                ErrorKind.Refused, $"the Secret {SecretNames.Of(Replicas.Api)} is missing in {space}, but this is not a new installation: data were written with its keys",
                "restore it from a backup; to begin with empty data, remove the other Secrets and the volumes first");
        }
    }

    // The values that are there already, of whichever service, and new ones for the rest.
    private static Dictionary<string, string> Values(Dictionary<string, JsonObject> present) => SecretNames.All.ToDictionary(
        secret => secret.Name,
        secret => secret.Services.Select(service => ValueOf(present.GetValueOrDefault(service), secret.Name)).FirstOrDefault(value => value is not null) ?? Create(secret.Kind));

    private static string? ValueOf(JsonObject? secret, string name) =>
        (string?)secret?["data"]?[name] is { Length: > 0 } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : null;

    private static string Create(SecretKind kind)
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        return kind == SecretKind.Key ? Convert.ToBase64String(bytes) : Base64Url.EncodeToString(bytes);
    }

    private async Task<bool> CreateAsync(string name, string component, IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        var data = new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value)))));
        await api.SendAsync(HttpMethod.Post, ApiPath.Collection("v1", "Secret", space), SecretOf(name, space, component, installation, "Opaque", data), cancellation);
        return true;
    }

    internal static JsonObject SecretOf(string name, string space, string component, string installation, string type, JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["type"] = type,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = space,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/name"] = component,
                ["app.kubernetes.io/instance"] = installation,
                ["app.kubernetes.io/part-of"] = "provost",
                ["app.kubernetes.io/managed-by"] = "provost",
            },
        },
        ["data"] = data,
    };

    private string PathOf(string name) => $"{ApiPath.Collection("v1", "Secret", space)}/{name}";
}
