using System.Diagnostics;
using System.Globalization;
using k8s.Models;

namespace Provost.Containers.Tests.Pods;

/// <summary>
/// Runs the pods of a tree as a kubelet would, by a real engine: image, arguments, environment, user and groups, read-only root,
/// no capabilities, limits, volumes, names of Services, probes. What it does not play: scheduling, network policies, quotas.
/// </summary>
internal sealed class Kubelet : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);

    private readonly BuiltImages images;
    private readonly PodTree tree;
    private readonly string network;
    private readonly PodVolumes volumes;
    private readonly List<string> started = [];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private Kubelet(BuiltImages images, PodTree tree, string network, SecretsApi api, string folder) =>
        (this.images, this.tree, this.network, Api, volumes) = (images, tree, network, api, new PodVolumes(tree, api, folder));

    public SecretsApi Api { get; }

    /// <param name="account">Service account that may talk to the API server.</param>
    public static async Task<Kubelet> StartAsync(BuiltImages images, PodTree tree, string account)
    {
        const string network = "provost-pods";
        (await images.DockerAsync("network", "create", network)).Require();
        var gateway = (await images.DockerAsync("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network)).Require().Trim();
        return new(images, tree, network, await SecretsApi.StartAsync(tree, account, gateway), Path.Combine(images.Folder, network));
    }

    /// <summary>Runs a pod to its end.</summary>
    public async Task RunAsync(Pod pod)
    {
        started.Add(pod.Name);
        var outcome = await images.RunAsync("docker", ["run", .. await ArgumentsAsync(pod)]);
        Assert.True(outcome.Exit == 0, $"{pod.Name} ended with {outcome.Exit}\n{outcome.Output}\n{outcome.Error}");
    }

    /// <summary>What a pod wrote.</summary>
    public async Task<string> LogAsync(Pod pod)
    {
        var log = await images.DockerAsync("logs", Name(pod.Name));
        return log.Output + log.Error;
    }

    public async Task CreateAsync(Pod pod)
    {
        started.Add(pod.Name);
        (await images.RunAsync("docker", ["run", "--detach", .. await ArgumentsAsync(pod)])).Require();
    }

    /// <summary>Asks the probes as they are written: a start that takes longer than its probe allows, or an end, is a failure.</summary>
    public async Task WaitReadyAsync(Pod pod)
    {
        var (container, start) = (pod.Container, Stopwatch.GetTimestamp());
        var startup = container.StartupProbe;
        await UntilAsync(pod, startup, TimeSpan.FromSeconds(startup.PeriodSeconds!.Value * startup.FailureThreshold!.Value));
        await UntilAsync(pod, container.ReadinessProbe, ReadyWithin);
        Assert.True(await AnswersAsync(pod, container.LivenessProbe), $"{pod.Name} is ready, but its liveness probe fails");
        TestContext.Current.SendDiagnosticMessage($"{pod.Name} is ready after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    /// <summary>The named port of a pod, as other pods reach it.</summary>
    public async Task<Uri> UrlAsync(Pod pod, string port) =>
        Url(pod, port, await AddressAsync(pod) ?? throw new InvalidOperationException($"{pod.Name} does not run"));

    /// <summary>SIGTERM, and the time that the pod asks for.</summary>
    public async Task DeleteAsync(Pod pod)
    {
        (await images.DockerAsync("stop", "--time", pod.Template.Spec.TerminationGracePeriodSeconds!.Value.ToString(CultureInfo.InvariantCulture), Name(pod.Name))).Require();
        Assert.Equal("0", (await images.DockerAsync("inspect", "--format", "{{.State.ExitCode}}", Name(pod.Name))).Require().Trim());
        (await images.DockerAsync("rm", Name(pod.Name))).Require();
        started.Remove(pod.Name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in started)
        {
            await images.DockerAsync("rm", "--force", "--volumes", Name(pod));
        }
        await images.DockerAsync("network", "rm", network);
        await Api.DisposeAsync();
        http.Dispose();
    }

    private string Name(string pod) => $"{network}-{pod}";

    private async Task<List<string>> ArgumentsAsync(Pod pod)
    {
        var (spec, container) = (pod.Template.Spec, pod.Container);
        var user = string.Create(CultureInfo.InvariantCulture, $"{spec.SecurityContext.RunAsUser}:{spec.SecurityContext.RunAsGroup}");
        List<string> arguments =
        [
            "--pull", "never", "--name", Name(pod.Name), "--hostname", pod.Name, "--network", network, "--user", user, "--group-add", $"{spec.SecurityContext.FsGroup}",
            "--security-opt", "no-new-privileges", "--memory", $"{container.Resources.Limits["memory"].ToInt64()}", "--cpus", Processors(container),
            .. container.SecurityContext.ReadOnlyRootFilesystem == true ? new[] { "--read-only" } : [],
            .. container.SecurityContext.Capabilities.Drop.SelectMany(capability => new[] { "--cap-drop", capability }),
            .. tree.ServicesOf(pod.Labels).SelectMany(service => new[] { "--network-alias", service }),
            .. Environment(pod).SelectMany(pair => new[] { "--env", $"{pair.Key}={pair.Value}" }),
            .. await volumes.MountAsync(pod),
        ];
        if (container.Command is [var entry, ..])
        {
            arguments.AddRange(["--entrypoint", entry]);
        }
        return [.. arguments, container.Image, .. container.Command?.Skip(1) ?? [], .. container.Args ?? []];
    }

    private Dictionary<string, string> Environment(Pod pod)
    {
        var variables = (pod.Container.EnvFrom ?? []).SelectMany(source => tree.ConfigMap(source.ConfigMapRef.Name)).ToDictionary();
        foreach (var one in pod.Container.Env ?? [])
        {
            variables[one.Name] = one.ValueFrom?.FieldRef?.FieldPath switch
            {
                null => one.Value,
                "metadata.name" => pod.Name,
                var other => throw new NotSupportedException($"{pod.Name}: {one.Name} comes from {other}, which this story does not know"),
            };
        }
        // Known to every pod of a cluster.
        variables["KUBERNETES_SERVICE_HOST"] = Api.Address;
        variables["KUBERNETES_SERVICE_PORT"] = Api.Port.ToString(CultureInfo.InvariantCulture);
        return variables;
    }

    // A limit above what the machine has is fine for a cluster; the engine refuses it.
    private static string Processors(V1Container container) =>
        Math.Min(container.Resources.Limits["cpu"].ToDouble(), System.Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture);

    private async Task UntilAsync(Pod pod, V1Probe probe, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(pod, probe))
        {
            var state = (await images.DockerAsync("inspect", "--format", "{{.State.Status}}", Name(pod.Name))).Require().Trim();
            if (state != "running" || Stopwatch.GetElapsedTime(start) > limit)
            {
                var log = await images.DockerAsync("logs", "--tail", "30", Name(pod.Name));
                Assert.Fail($"{pod.Name} is {state}, and {probe.HttpGet.Path} did not answer within {limit.TotalSeconds:0} s\n{log.Output}{log.Error}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(Pod pod, V1Probe probe)
    {
        if (await AddressAsync(pod) is not { } address)
        {
            return false;
        }
        try
        {
            using var answer = await http.GetAsync(new Uri(Url(pod, probe.HttpGet.Port.Value, address), probe.HttpGet.Path), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static Uri Url(Pod pod, string port, string address) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{pod.Container.Ports.Single(p => p.Name == port).ContainerPort}"));

    // Null when it has ended.
    private async Task<string?> AddressAsync(Pod pod)
    {
        var address = await images.DockerAsync("inspect", "--format", $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}", Name(pod.Name));
        return address.Require().Trim() is { Length: > 0 } found ? found : null;
    }
}
