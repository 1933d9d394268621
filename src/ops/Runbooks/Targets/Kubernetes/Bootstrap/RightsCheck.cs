using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Bootstrap;

/// <summary>Whether this user may do what a deployment does, right by right, before anything is tried.</summary>
internal sealed class RightsCheck(ApiConnection api, ClusterSite site)
{
    // Apply is a patch that creates; what a release has no longer is deleted.
    private static readonly string[] OfObjects = ["get", "create", "patch", "delete"];

    private static readonly string[] OfLocks = ["get", "create", "update", "delete"];
    private static readonly string[] Seen = ["list", "watch"];

    private static readonly (string Group, string Resource)[] Watched = [("apps", "deployments"), ("apps", "statefulsets"), ("", "pods"), ("", "events"), ("", "configmaps")];

    private sealed record Right(string Group, string Resource, string Verb, string? Space, string? Part = null)
    {
        public override string ToString() => $"{Verb} {Resource}{(Part is null ? "" : "/" + Part)}{(Group.Length == 0 ? "" : "." + Group)}{(Space is null ? "" : $" in {Space}")}";
    }

    public async Task<Finding> ExamineAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var rights = Rights(manifests).Distinct().ToList();
        var answers = await Task.WhenAll(rights.Select(async right => (right, Allowed: await IsAllowedAsync(right, cancellation))));
        var missing = answers.Where(a => !a.Allowed).Select(a => a.right.ToString()).ToList();
        return missing.Count == 0
            ? new Finding("rights", true, $"this user may do everything that a deployment does ({rights.Count} rights asked)", null)
            : new Finding("rights", false, $"this user may not: {string.Join(", ", missing)}", "ask for exactly these; a Role in the namespace is enough for those with \"in\"");
    }

    private IEnumerable<Right> Rights(IReadOnlyList<Manifest> manifests) =>
    [
        .. manifests.SelectMany(m => OfObjects.Where(verb => m.Kind != "Namespace" || verb != "delete").Select(verb => new Right(GroupOf(m), ApiPath.PluralOf(m.Kind), verb, m.Namespace))),
        .. Watched.SelectMany(w => Seen.Select(verb => new Right(w.Group, w.Resource, verb, site.Namespace))),
        .. OfLocks.Select(verb => new Right("coordination.k8s.io", "leases", verb, site.Namespace)),
        new Right("", "configmaps", "update", site.Namespace),
        new Right("", "pods", "get", site.Namespace, "log"),
        // A pod of a store that never gets ready.
        new Right("", "pods", "get", site.Namespace),
        new Right("", "pods", "delete", site.Namespace),
        // Backups that are made, listed and checked by hand, or before a deployment.
        new Right("batch", "jobs", "create", site.Namespace),
        new Right("batch", "jobs", "list", site.Namespace),
        // Volumes that grow.
        new Right("", "persistentvolumeclaims", "list", site.Namespace),
        new Right("", "persistentvolumeclaims", "patch", site.Namespace),
        .. manifests.Where(m => m.Kind == "Role").SelectMany(Given),
    ];

    // Nobody can give what he has not: the rights of a role that is applied are asked too.
    private IEnumerable<Right> Given(Manifest role) => (role.Body["rules"] as JsonArray ?? []).SelectMany(rule =>
        from resource in rule!["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select new Right((string)rule["apiGroups"]![0]!, (string)resource!, (string)verb!, site.Namespace));

    private async Task<bool> IsAllowedAsync(Right right, CancellationToken cancellation)
    {
        var review = await api.SendAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject { ["group"] = right.Group, ["resource"] = right.Resource, ["subresource"] = right.Part, ["verb"] = right.Verb, ["namespace"] = right.Space },
            },
        }, cancellation);
        return (bool?)review["status"]?["allowed"] == true;
    }

    private static string GroupOf(Manifest manifest) => manifest.ApiVersion.Split('/') is [var group, _] ? group : "";
}
