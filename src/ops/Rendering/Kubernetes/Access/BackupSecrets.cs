using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>
/// What a backup takes along and what it signs in with: the secrets of the api, those of the operator, the key of the repositories,
/// and the keys of buckets. The tool looks for them below its state directory.
/// </summary>
internal static class BackupSecrets
{
    private const string Name = "secrets";

    private static readonly string[] Parts = [Replicas.Api, Secrets.Operator];

    public static SecretMounts Of(ClusterSite site) => site.Cluster.Secrets.Source is SecretSource.Vault ? FromVault(site) : new(
        [Volume.Projected(Name, [.. Sources(site)])],
        // Plain folders of files: the links of a volume would come into the backup too.
        [.. Parts.Select(part => Volume.Mount(Name, Folder(part), readOnly: true, part: part))], null);

    private static string Folder(string part) => $"{BackupPlacement.StateDirectory}/secrets/{part}";

    private static IEnumerable<JsonObject> Sources(ClusterSite site)
    {
        yield return Source(SecretNames.Of(Replicas.Api), Replicas.Api, Secrets.Of(Replicas.Api));
        yield return Source(SecretNames.Of(Secrets.Operator), Secrets.Operator, Secrets.Of(Secrets.Operator));
        yield return Source(SecretNames.Of(SecretNames.Backup), Secrets.Operator, [SecretNames.BackupKey]);
        if (Buckets(site).ToList() is { Count: > 0 } buckets)
        {
            yield return Source(SecretNames.Buckets, Secrets.Operator, buckets);
        }
    }

    private static IEnumerable<string> Buckets(ClusterSite site) =>
        site.Site.Backup.Destinations.Where(d => d.Value.Bucket is not null).Select(d => $"Backup__{d.Key}").Order(StringComparer.Ordinal);

    private static JsonObject Source(string secret, string folder, IEnumerable<string> names) => new()
    {
        ["secret"] = new JsonObject
        {
            ["name"] = secret,
            ["items"] = new JsonArray([.. names.Select(name => (JsonNode)new JsonObject { ["key"] = name, ["path"] = $"{folder}/{name}" })]),
        },
    };

    private static SecretMounts FromVault(ClusterSite site) => SecretMounts.FromVault(
        site.Cluster.Secrets, $"{BackupPlacement.StateDirectory}/secrets",
        [
            .. Secrets.Of(Replicas.Api).Select(name => ($"{Replicas.Api}/{name}", name)),
            .. Secrets.Of(Secrets.Operator).Append(SecretNames.BackupKey).Concat(Buckets(site)).Select(name => ($"{Secrets.Operator}/{name}", name)),
        ]);
}
