using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>The pod of a component: what Pod Security asks for in its restricted form, and what every pod of a site has alike.</summary>
internal sealed record Pod(string Component, int User, IReadOnlyList<JsonObject> Containers)
{
    /// <summary>User and group of the platform's own images.</summary>
    public const int Platform = 1654;

    private static readonly string[] Domains = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];

    public IReadOnlyList<JsonObject> Before { get; init; } = [];

    public IReadOnlyList<JsonObject> Volumes { get; init; } = [];

    /// <summary>Time from SIGTERM until SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    public JsonObject? Annotations { get; init; }

    public bool AsksTheCluster { get; init; }

    /// <summary>Component on whose node it must run; anywhere when null.</summary>
    public string? Beside { get; init; }

    /// <summary>"Always" for what serves; "OnFailure" or "Never" for what ends.</summary>
    public string Restart { get; init; } = "Always";

    public JsonObject Render(ClusterSite site) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = site.PodLabels(Component), ["annotations"] = Annotations },
        ["spec"] = new JsonObject
        {
            ["serviceAccountName"] = Component,
            ["automountServiceAccountToken"] = AsksTheCluster,
            ["enableServiceLinks"] = false,
            ["imagePullSecrets"] = site.Cluster.Images.PullSecret is { } secret ? new JsonArray(new JsonObject { ["name"] = secret }) : null,
            ["priorityClassName"] = PriorityClass(site),
            ["restartPolicy"] = Restart,
            ["terminationGracePeriodSeconds"] = Quantity.WholeSeconds(Grace),
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = User,
                ["runAsGroup"] = User,
                ["fsGroup"] = User,
                ["fsGroupChangePolicy"] = "OnRootMismatch",
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["affinity"] = Serves ? Apart(site) : Beside is { } other ? Together(site, other) : null,
            ["topologySpreadConstraints"] = Serves ? Spread(site) : null,
            ["initContainers"] = Before.Count > 0 ? new JsonArray([.. Before]) : null,
            ["containers"] = new JsonArray([.. Containers.Select(AsUser)]),
            ["volumes"] = Volumes.Count > 0 ? new JsonArray([.. Volumes]) : null,
        },
    };

    // In each container too: what is injected beside it takes the user from there.
    private JsonObject AsUser(JsonObject container)
    {
        var context = container["securityContext"]!.AsObject();
        context["runAsUser"] = User;
        context["runAsGroup"] = User;
        return container;
    }

    private bool Serves => Restart == "Always";

    private string? PriorityClass(ClusterSite site) =>
        !site.Cluster.PriorityClasses || !Serves ? null : PriorityClasses.NameFor(site, Component);

    // Two replicas of a component rather not on one node: preferred, for a cluster of one node must do too.
    private JsonObject Apart(ClusterSite site) => new()
    {
        ["podAntiAffinity"] = new JsonObject
        {
            ["preferredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
            {
                ["weight"] = 100,
                ["podAffinityTerm"] = new JsonObject
                {
                    ["topologyKey"] = "kubernetes.io/hostname",
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = site.Selector(Component) },
                },
            }),
        },
    };

    private static JsonObject Together(ClusterSite site, string component) => new()
    {
        ["podAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
            {
                ["topologyKey"] = "kubernetes.io/hostname",
                ["labelSelector"] = new JsonObject { ["matchLabels"] = site.Selector(component) },
            }),
        },
    };

    private JsonArray Spread(ClusterSite site) => new([.. Domains.Select(key => (JsonNode)new JsonObject
    {
        ["maxSkew"] = 1,
        ["topologyKey"] = key,
        ["whenUnsatisfiable"] = "ScheduleAnyway",
        ["labelSelector"] = new JsonObject { ["matchLabels"] = site.Selector(Component) },
    })]);
}
