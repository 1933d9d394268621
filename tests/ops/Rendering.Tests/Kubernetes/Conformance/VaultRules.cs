using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What the injector of the Vault agent needs to write a pod's secrets.</summary>
internal static class VaultRules
{
    private const string Prefix = "vault.hashicorp.com/";

    public static bool Holds(ClusterSite site, JsonObject pod, IReadOnlyList<string> secrets, string folder = "/run/secrets")
    {
        var annotations = pod["metadata"]?["annotations"] as JsonObject ?? [];
        string? At(string name) => (string?)annotations[Prefix + name];
        var token = Items(pod["spec"]?["volumes"]).FirstOrDefault(v => v["projected"] is not null);
        return At("agent-inject") == "true" && At("role") == site.Cluster.Secrets.VaultRole && At("secret-volume-path") == folder
            // Nothing beside the service: what is injected is written before it starts, by its own user.
            && At("agent-pre-populate-only") == "true" && At("agent-run-as-same-user") == "true"
            && token is not null && At("agent-service-account-token-volume-name") == (string?)token["name"]
            && secrets.All(name => At($"agent-inject-secret-{name}") == site.Cluster.Secrets.Path && At($"agent-inject-template-{name}")?.Contains($"\"{name.Split('-')[^1]}\"", StringComparison.Ordinal) == true
                // Of two services, each in its own folder.
                && (folder == "/run/secrets" || At($"agent-inject-file-{name}") == name.Replace('-', '/')));
    }
}
