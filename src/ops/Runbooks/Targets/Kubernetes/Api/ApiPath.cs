using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Where objects of each kind are. Only kinds that are rendered: nothing else is ever touched.</summary>
public static class ApiPath
{
    private static readonly Dictionary<string, string> Plurals = new(StringComparer.Ordinal)
    {
        ["Namespace"] = "namespaces",
        ["ResourceQuota"] = "resourcequotas",
        ["LimitRange"] = "limitranges",
        ["ServiceAccount"] = "serviceaccounts",
        ["ConfigMap"] = "configmaps",
        ["Secret"] = "secrets",
        ["Service"] = "services",
        ["Pod"] = "pods",
        ["Event"] = "events",
        ["PersistentVolumeClaim"] = "persistentvolumeclaims",
        ["Deployment"] = "deployments",
        ["ReplicaSet"] = "replicasets",
        ["StatefulSet"] = "statefulsets",
        ["Job"] = "jobs",
        ["CronJob"] = "cronjobs",
        ["Role"] = "roles",
        ["RoleBinding"] = "rolebindings",
        ["NetworkPolicy"] = "networkpolicies",
        ["Ingress"] = "ingresses",
        ["HTTPRoute"] = "httproutes",
        ["Certificate"] = "certificates",
        ["ExternalSecret"] = "externalsecrets",
        ["HorizontalPodAutoscaler"] = "horizontalpodautoscalers",
        ["PodDisruptionBudget"] = "poddisruptionbudgets",
        ["PriorityClass"] = "priorityclasses",
        ["Lease"] = "leases",
    };

    public static string PluralOf(string kind) => Plurals[kind];

    public static string Of(Manifest manifest) => $"{Collection(manifest.ApiVersion, manifest.Kind, manifest.Namespace)}/{manifest.Name}";

    /// <summary>All objects of a kind in a namespace, or of the whole cluster without one.</summary>
    public static string Collection(string apiVersion, string kind, string? space) =>
        $"/{(apiVersion.Contains('/', StringComparison.Ordinal) ? "apis" : "api")}/{apiVersion}{(space is null ? "" : $"/namespaces/{space}")}/{PluralOf(kind)}";
}
