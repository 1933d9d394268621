using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Containers.Tests.Pods;

/// <summary>
/// The committed example of a small cluster, pod by pod under a real engine as a kubelet would run it: the job makes the secrets,
/// all others start at once in no order, a professor signs in as the guide says, backups are made and proved by a restore, and the backend is replaced under load.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class PodStory(BuiltImages images)
{
    private const string Registry = "registry.example.edu/provost/";

    [Fact]
    public async Task Every_pod_of_the_small_example_starts_serves_and_is_replaced_unnoticed()
    {
        images.Require();
        var tree = PodTree.Read(Path.Combine(Programs.Root, "deploy/examples/small/kubernetes"));
        await TagAsync(tree);
        await using var kubelet = await Kubelet.StartAsync(images, tree, "secrets");

        await kubelet.RunAsync(tree.Job("secrets"));
        Assert.Empty(kubelet.Api.Refused);
        var pods = tree.Workloads.ToDictionary(pod => pod.Labels["app.kubernetes.io/name"]);
        await Task.WhenAll(pods.Values.Select(kubelet.CreateAsync));
        foreach (var pod in pods.Values)
        {
            await kubelet.WaitReadyAsync(pod);
        }

        var gateway = await kubelet.UrlAsync(pods["gateway"], "http");
        await ProfessorSignsInAsync(gateway, kubelet.Api.Find("operator-secrets")!["Operator__Token"]);
        await BackedUpAsync(kubelet, tree);
        await ReplacedUnnoticedAsync(kubelet, gateway, pods["api"]);
    }

    // The CronJobs' pods, against the stores that serve: a cut, a scratch restore that is counted, retention, and who was erased.
    private static async Task BackedUpAsync(Kubelet kubelet, PodTree tree)
    {
        foreach (var name in (string[])["erasures", "backup", "verify", "prune"])
        {
            await kubelet.RunAsync(tree.CronJob(name));
        }
        Assert.Contains("restored to scratch stores", await kubelet.LogAsync(tree.CronJob("verify")), StringComparison.Ordinal);
    }

    private async Task TagAsync(PodTree tree)
    {
        var references = tree.Workloads.Append(tree.Job("secrets")).Append(tree.CronJob("backup")).Select(pod => pod.Container.Image).Distinct();
        foreach (var reference in references)
        {
            Assert.StartsWith(Registry, reference, StringComparison.Ordinal);
            var name = reference[Registry.Length..].Split(':')[0];
            (await images.DockerAsync("tag", $"provost/{name}:{BuiltImages.Version}", reference)).Require();
        }
    }

    // As docs/guides/kubernetes.md says.
    private static async Task ProfessorSignsInAsync(Uri gateway, string token)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var course = (string)(await PostAsync(http, "api/operator/demonstration", null))["name"]!;
        var account = await PostAsync(http, "api/operator/accounts", new JsonObject { ["user"] = "professor", ["role"] = "Professor", ["course"] = course });
        using var professor = new Session(gateway);
        await professor.SignInAsync(new Uri((string)account["signInUrl"]!));
        var courses = await professor.GetAsync<JsonArray>("api/courses");
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{(string)courses[0]!["id"]!}/overview");
        Assert.NotEmpty(overview.Triage);
        Assert.Contains("<div id=\"app\"", await professor.Http.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject? body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    // One more, ready, before the old one is told to end: maxSurge 1, maxUnavailable 0.
    private static async Task ReplacedUnnoticedAsync(Kubelet kubelet, Uri gateway, Pod old)
    {
        using var watch = new EdgeWatch(gateway, authority: null);
        var successor = old with { Name = "api-b" };
        await kubelet.CreateAsync(successor);
        await kubelet.WaitReadyAsync(successor);
        await kubelet.DeleteAsync(old);
        var (asked, failures) = await watch.EndAsync();
        TestContext.Current.SendDiagnosticMessage($"pod of the backend replaced: {asked} requests at the edge, {failures.Count} failed");
        Assert.InRange(asked, 20, int.MaxValue);
        Assert.Empty(failures);
    }
}
