using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>
/// The members of a replicated Redis as processes of this machine: the programs of their pods as they are rendered, with folders
/// in place of mounts and an address of the loopback network in place of each pod's name.
/// </summary>
internal sealed partial class SentinelMembers : IDisposable
{
    public const string OperatorPassword = "another-password-of-the-tests";
    public const string Password = "a-password-of-the-tests";

    private readonly string root = Directory.CreateTempSubdirectory("provost-sentinels-").FullName;
    private readonly Dictionary<string, Process> running = [];
    private readonly string network = $"127.{RandomNumberGenerator.GetInt32(1, 255)}.{RandomNumberGenerator.GetInt32(0, 255)}";

    public SentinelMembers()
    {
        var site = new Site { Target = Target.Kubernetes, Kubernetes = new() { Redis = new() { Mode = StoreMode.Replicated } } };
        var programs = KubernetesRenderer.Manifests(new ClusterSite(new Installation { Sites = new Dictionary<string, Site> { ["campus"] = site } }, "campus", "1.0.0"))
            .Single(m => m.Kind == "ConfigMap" && m.Name.StartsWith("redis-configuration-", StringComparison.Ordinal)).Body["data"]!.AsObject();
        foreach (var member in Members)
        {
            foreach (var folder in (string[])["data", "run", "secrets", "configuration", "tmp"])
            {
                Directory.CreateDirectory(Path.Combine(root, $"{member}", folder));
            }
            File.WriteAllText(Path.Combine(root, $"{member}", "secrets", "Redis__Password"), Password);
            File.WriteAllText(Path.Combine(root, $"{member}", "secrets", "Redis__OperatorPassword"), OperatorPassword);
            foreach (var (name, text) in programs)
            {
                File.WriteAllText(Path.Combine(root, $"{member}", "configuration", name), Here(member, (string)text!));
            }
        }
    }

    public static IEnumerable<int> Members => [0, 1, 2];

    public string Address(int member) => $"{network}.{member + 1}";

    public void StartServer(int member) => Start($"redis-{member}", member, "start-redis.sh");

    public void StartSentinel(int member) => Start($"sentinel-{member}", member, "start-sentinel.sh");

    public void Kill(int member)
    {
        foreach (var name in (string[])[$"redis-{member}", $"sentinel-{member}"])
        {
            running.Remove(name, out var process);
            process!.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    /// <summary>Exit code of one of the programs that probes and hooks run.</summary>
    public async Task<int> RunAsync(int member, string program, params string[] arguments)
    {
        using var process = Shell(member, program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public void Dispose()
    {
        foreach (var process in running.Values)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(root, recursive: true);
    }

    private void Start(string name, int member, string program) => running[name] = Shell(member, program);

    private Process Shell(int member, string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("/bin/sh", [Path.Combine(root, $"{member}", "configuration", program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // A full pipe would hold it up.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string Here(int member, string text)
    {
        var (own, folder) = (Address(member), Path.Combine(root, $"{member}"));
        text = text.Replace("\"$(hostname).redis-pods\"", $"\"{own}\"", StringComparison.Ordinal).Replace("redis-*)", "127.*)", StringComparison.Ordinal)
            .Replace("bind * -::*", $"bind {own}", StringComparison.Ordinal).Replace("echo \"port 26379\"", $"echo \"bind {own}\"; echo \"port 26379\"", StringComparison.Ordinal);
        text = PodName().Replace(text, m => $"{network}.{int.Parse(m.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + 1}");
        // In a pod the server is at the pod's own loopback address.
        text = LocalClient().Replace(text, $"redis-cli -h {own} ");
        return Mount().Replace(text, m => $"{folder}/{m.Groups[1].Value switch { "/run/secrets" or "/run/operator" => "secrets", "/run/redis" => "run", var path => path[1..] }}");
    }

    [GeneratedRegex(@"redis-(\d)\.redis-pods")]
    private static partial Regex PodName();

    [GeneratedRegex("redis-cli (?!-h)")]
    private static partial Regex LocalClient();

    [GeneratedRegex(@"(?<![\w/])(/run/secrets|/run/operator|/run/redis|/configuration|/data|/tmp)\b")]
    private static partial Regex Mount();
}
