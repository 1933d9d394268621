using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>How a component's pods get its secrets: as files, one for each, wherever they come from.</summary>
internal sealed record SecretMounts(IReadOnlyList<JsonObject> Volumes, IReadOnlyList<JsonObject> Mounts, JsonObject? Annotations)
{
    private const string VaultToken = "vault-token";

    public static SecretMounts Of(ClusterSite site, string component) =>
        !Secrets.Of(component).Any() ? new([], [], null)
        : site.Cluster.Secrets.Source is SecretSource.Vault ? FromVault(site.Cluster.Secrets, ClusterPlacement.SecretsPath, [.. Secrets.Of(component).Select(name => (name, name))])
        : new([Volume.Secret("secrets", SecretNames.Of(component))], [Volume.Mount("secrets", ClusterPlacement.SecretsPath, readOnly: true)], null);

    /// <summary>The injector mounts the files; it signs in with a token that is good for Vault alone.</summary>
    /// <param name="files">Each with the secret that it holds.</param>
    public static SecretMounts FromVault(ClusterSecrets secrets, string folder, IReadOnlyList<(string File, string Secret)> files)
    {
        var annotations = new JsonObject
        {
            ["vault.hashicorp.com/agent-inject"] = "true",
            ["vault.hashicorp.com/agent-pre-populate-only"] = "true",
            ["vault.hashicorp.com/agent-run-as-same-user"] = "true",
            ["vault.hashicorp.com/agent-service-account-token-volume-name"] = VaultToken,
            ["vault.hashicorp.com/role"] = secrets.VaultRole,
            ["vault.hashicorp.com/secret-volume-path"] = folder,
        };
        foreach (var (file, name) in files)
        {
            var key = file.Replace('/', '-');
            annotations[$"vault.hashicorp.com/agent-inject-secret-{key}"] = secrets.Path;
            if (key != file)
            {
                annotations[$"vault.hashicorp.com/agent-inject-file-{key}"] = file;
            }
            annotations[$"vault.hashicorp.com/agent-inject-template-{key}"] =
                $$$"""{{- with secret "{{{secrets.Path}}}" -}}{{ index .Data.data "{{{name}}}" }}{{- end -}}""";
        }
        return new([TokenVolume()], [], annotations);
    }

    private static JsonObject TokenVolume() => new()
    {
        ["name"] = VaultToken,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(new JsonObject
            {
                ["serviceAccountToken"] = new JsonObject { ["audience"] = "vault", ["expirationSeconds"] = 3600, ["path"] = "token" },
            }),
        },
    };
}
