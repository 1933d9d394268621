using System.Diagnostics;
using System.Globalization;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Trees;
using Provost.Topology.Reading;

// Reading and rendering every Kubernetes example, the first time in a process and again, beside kubectl kustomize, which only puts
// the rendered files together. Exit code 1 when the first time takes more than a second.
const double Bar = 1000;
var folder = Directory.CreateTempSubdirectory("provost-rendering-bench-").FullName;
try
{
    var first = Timed(Render, out var trees);
    var again = Enumerable.Range(0, args.Contains("--short") ? 3 : 15).Select(_ => Timed(Render, out var _)).Order().ToList();
    Write(folder, trees);
    var kustomize = Timed(() => trees.Keys.Select(name => Kustomize(Path.Combine(folder, name))).ToList(), out var _);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{(first <= Bar ? "ok  " : "MISS")} all {trees.Count} Kubernetes examples, read and rendered for the first time {first,8:0} ms  bar {Bar}"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     the same again (median)                                          {again[again.Count / 2],8:0.0} ms"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     baseline: kubectl kustomize of the same trees                   {kustomize,8:0} ms  ratio {first / kustomize:0.00}"));
    return first <= Bar ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static Dictionary<string, IReadOnlyList<RenderedFile>> Render() => Directory.EnumerateDirectories("deploy/examples")
    .Where(example => Directory.Exists(Path.Combine(example, "kubernetes"))).Order(StringComparer.Ordinal).ToDictionary(example => Path.GetFileName(example)!, example =>
    {
        var installation = TopologyFile.Read(File.ReadAllText(Path.Combine(example, "provost.yaml")), "provost.yaml").Installation!;
        return KubernetesRenderer.Tree(new ClusterSite(installation, installation.Sites.Keys.Single(), "0.1.0"));
    });

static void Write(string folder, Dictionary<string, IReadOnlyList<RenderedFile>> trees)
{
    foreach (var (name, files) in trees)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(folder, name, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Content);
        }
    }
}

static int Kustomize(string tree)
{
    using var process = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", tree]) { RedirectStandardOutput = true })!;
    var bytes = process.StandardOutput.ReadToEnd().Length;
    process.WaitForExit();
    return process.ExitCode == 0 && bytes > 0 ? bytes : throw new InvalidOperationException($"kubectl kustomize {tree} ended with code {process.ExitCode}");
}

static double Timed<T>(Func<T> work, out T result)
{
    var start = Stopwatch.GetTimestamp();
    result = work();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
