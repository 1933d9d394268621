using System.Text.Json.Nodes;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>A container that can write nowhere but into its mounts, and gain no privilege.</summary>
internal sealed record Container(string Name, string Image, PodNeeds Needs)
{
    public string[] Command { get; init; } = [];

    public string[] Arguments { get; init; } = [];

    public IReadOnlyList<(string Name, int Number)> Ports { get; init; } = [];

    /// <summary>ConfigMap whose keys become the environment.</summary>
    public string? EnvironmentFrom { get; init; }

    public IReadOnlyList<JsonObject> Environment { get; init; } = [];

    public IReadOnlyList<JsonObject> Mounts { get; init; } = [];

    public PodProbes? Probes { get; init; }

    public JsonObject Render() => new()
    {
        ["name"] = Name,
        ["image"] = Image,
        ["imagePullPolicy"] = "IfNotPresent",
        ["command"] = List(Command),
        ["args"] = List(Arguments),
        ["ports"] = Ports.Count > 0
            ? new JsonArray([.. Ports.Select(p => (JsonNode)new JsonObject { ["name"] = p.Name, ["containerPort"] = p.Number, ["protocol"] = "TCP" })])
            : null,
        ["envFrom"] = EnvironmentFrom is null ? null : new JsonArray(new JsonObject { ["configMapRef"] = new JsonObject { ["name"] = EnvironmentFrom } }),
        ["env"] = Environment.Count > 0 ? Copy(Environment) : null,
        ["resources"] = Needs.Render(),
        ["startupProbe"] = Probes?.Startup,
        ["livenessProbe"] = Probes?.Liveness,
        ["readinessProbe"] = Probes?.Readiness,
        ["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        },
        ["volumeMounts"] = Mounts.Count > 0 ? Copy(Mounts) : null,
    };

    public static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } };

    public static JsonObject Value(string name, string value) => new() { ["name"] = name, ["value"] = value };

    // A node of JSON has one parent, and two containers may mount the same.
    private static JsonArray Copy(IEnumerable<JsonObject> nodes) => new([.. nodes.Select(node => node.DeepClone())]);

    private static JsonArray? List(string[] words) => words.Length > 0 ? new JsonArray([.. words.Select(word => (JsonNode)word)]) : null;
}
