using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes.Manifests;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What a container runs: its words, the shell programs and files that those name, and its environment.</summary>
internal sealed partial class Program
{
    private readonly Dictionary<string, string> files = [];
    private readonly JsonObject container;
    private readonly string environment;

    private Program(JsonObject container, string environment)
    {
        this.container = container;
        this.environment = environment;
    }

    /// <summary>Everything that is run or read, as one text.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Absolute paths outside of the image that it names.</summary>
    public IReadOnlyList<string> Paths => [.. Path().Matches(Text).Select(m => m.Value.TrimEnd('/', '.')).Concat(IsBackup ? BackupRules.Paths : []).Distinct()];

    private bool IsBackup => ((string?)container["image"])?.Contains("/backup:", StringComparison.Ordinal) == true;

    public static Program Of(IReadOnlyList<JsonObject> objects, JsonObject spec, JsonObject container)
    {
        var maps = objects.Where(o => (string?)o["kind"] == "ConfigMap").ToDictionary(ReferenceRules.Name, o => o["data"] as JsonObject ?? []);
        var environment = string.Join('\n', Items(container["envFrom"]).Select(from => (string?)from["configMapRef"]?["name"] ?? "").Where(maps.ContainsKey)
            .SelectMany(name => maps[name]).Select(p => $"{p.Key}={p.Value}").Concat(Items(container["env"]).Select(e => $"{e["name"]}={e["value"]}")));
        var mounted = new Program(container, environment);
        foreach (var volume in Items(spec["volumes"]).Where(v => (string?)v["configMap"]?["name"] is { } map && maps.ContainsKey(map)))
        {
            foreach (var mount in Items(container["volumeMounts"]).Where(m => (string?)m["name"] == (string?)volume["name"]))
            {
                foreach (var (key, text) in maps[(string)volume["configMap"]!["name"]!])
                {
                    mounted.files[$"{mount["mountPath"]}/{key}"] = text?.ToString() ?? "";
                }
            }
        }
        var words = Texts(container["command"]).Concat(Texts(container["args"])).Concat(container.Where(p => p.Key.EndsWith("Probe", StringComparison.Ordinal)).SelectMany(p => Texts(p.Value?["exec"]?["command"])))
            .Concat(Texts(container["lifecycle"]?["preStop"]?["exec"]?["command"]));
        var whole = new Program(container, environment) { Text = mounted.Reach(string.Join('\n', words) + "\n" + environment) };
        foreach (var file in mounted.files)
        {
            whole.files.Add(file.Key, file.Value);
        }
        return whole;
    }

    /// <summary>What is wrong with how the container is started.</summary>
    public IEnumerable<string> Problems(ClusterSite site)
    {
        var (command, arguments, image) = (Texts(container["command"]).ToList(), Texts(container["args"]).ToList(), (string?)container["image"] ?? "");
        var ours = image.StartsWith(site.Registry + "/", StringComparison.Ordinal);
        if (!ours && Problem(command) is { } problem)
        {
            yield return problem;
        }
        if (ours && !arguments.SequenceEqual(Arguments(site, image)))
        {
            yield return $"its image is started with: {string.Join(' ', Arguments(site, image))}";
        }
        foreach (var variable in Needed(ours, image).Where(variable => !$"\n{environment}".Contains($"\n{variable}=", StringComparison.Ordinal)))
        {
            yield return $"{variable} is not in its environment";
        }
        foreach (var missing in Paths.Where(path => (path.StartsWith("/configuration/", StringComparison.Ordinal) || path.StartsWith("/etc/provost/", StringComparison.Ordinal)) && !files.ContainsKey(path)))
        {
            yield return $"there is no file {missing}";
        }
        foreach (var idle in container["name"]?.ToString() is "redis" or "sentinel" ? [] : files.Keys.Where(file => !Text.Contains(file, StringComparison.Ordinal)))
        {
            yield return $"nobody reads {idle}";
        }
    }

    /// <summary>What is wrong with a command of a shell; null when nothing is.</summary>
    public string? Problem(IEnumerable<string> words) => words.ToList() switch
    {
        ["/bin/sh", "-c", { Length: > 0 }] => null,
        ["/bin/sh", "-eu", var file] when files.ContainsKey(file) => null,
        ["/bin/sh", var file, .. var arguments] when files.TryGetValue(file, out var text) && text.Contains("\nset -eu\n", StringComparison.Ordinal) => Argument(text, arguments),
        _ => "it runs no program that is there and stops at the first error",
    };

    private string? Argument(string text, List<string> arguments)
    {
        var ports = Items(container["ports"]).Select(p => p["containerPort"]?.ToString()).ToList();
        var needed = text[(text.LastIndexOf('}') + 1)..].Contains("\"$1\"", StringComparison.Ordinal);
        return needed == (arguments.Count == 1) && arguments.All(ports.Contains) ? null : "the program asks a port that the container has, and is told which";
    }

    // The name of a replica, for itself or for its program; a place to write for the tool.
    private IEnumerable<string> Needed(bool ours, string image) =>
        !ours ? (Text.Contains("$REPLICA.", StringComparison.Ordinal) ? ["REPLICA"] : [])
        : IsBackup ? ["HOME", "PROVOST_Backup__Release"]
        : image.Contains("/agent:", StringComparison.Ordinal) ? ["HOME"] : ["PROVOST_Service__Replica"];

    private IEnumerable<string> Arguments(ClusterSite site, string image)
    {
        var component = (string?)container["name"] ?? "";
        return image.Contains("/stores:", StringComparison.Ordinal) ? [component]
            : IsBackup || image.Contains("/agent:", StringComparison.Ordinal) ? Jobs.Arguments(site, component)
            : [];
    }

    // Files that are named, files that those name, and so on.
    private string Reach(string text)
    {
        HashSet<string> read = [];
        for (var more = true; more;)
        {
            more = false;
            foreach (var (path, content) in files.Where(file => text.Contains(file.Key, StringComparison.Ordinal) && !read.Contains(file.Key)).ToList())
            {
                more = read.Add(path);
                text += "\n" + content;
            }
        }
        return text;
    }

    [GeneratedRegex(@"(?<![\w/.<])/(data|run|tmp|configuration|var/lib|provost|etc/provost|repositories|stores)\b[\w./-]*")]
    private static partial Regex Path();
}
