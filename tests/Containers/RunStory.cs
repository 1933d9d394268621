using System.Net;
using System.Security.Cryptography;

namespace Provost.Containers.Tests;

/// <summary>
/// The images run together as an operator would run them: read-only, without capabilities, without root. The place of the
/// official ClickHouse image is taken by the embedded-store image, because no public image can be pulled here.
/// </summary>
[Collection(BuiltImages.Turns)]
public sealed class RunStory(BuiltImages images)
{
    private const string Network = "provost-story";

    [Fact]
    public async Task The_whole_platform_runs_hardened_and_answers_through_the_gateway()
    {
        images.Require();
        var secrets = Secrets("api", "Redis__Password", "ClickHouse__Password", "Operator__Token", "Pseudonyms__Key", "Names__Key", "DataProtection__Key");
        var password = Secrets("clickhouse", "ClickHouse__Password");
        File.Copy(Path.Combine(secrets, "ClickHouse__Password"), Path.Combine(password, "ClickHouse__Password"), overwrite: true);
        List<string> started = [];
        try
        {
            (await images.DockerAsync("network", "create", "--subnet", "172.31.77.0/24", Network)).Require();
            await StartAsync(started, "redis", BuiltImages.Redis, ["--tmpfs", "/data:uid=999"], ["--requirepass", File.ReadAllText(Path.Combine(secrets, "Redis__Password")), "--appendonly", "yes"]);
            await StartAsync(started, "clickhouse", Image("stores"), ["--volume", $"{password}:/run/secrets:ro", "--memory", "1500m"], ["clickhouse"]);
            await StartAsync(started, "api", Image("backend"),
                ["--volume", $"{secrets}:/run/secrets:ro", "--env", "PROVOST_Redis__Endpoint=redis:6379", "--env", "PROVOST_ClickHouse__Endpoint=http://clickhouse:8080", "--env", "PROVOST_Public__Url=http://localhost:8080"], []);
            await StartAsync(started, "web", Image("frontend"), [], []);
            await StartAsync(started, "gateway", Image("gateway"),
                ["--publish", "127.0.0.1::8080", "--env", "PROVOST_Gateway__Api__0=http://api:8080", "--env", "PROVOST_Gateway__Web__0=http://web:8080"], []);
            foreach (var service in new[] { "clickhouse", "api", "web", "gateway" })
            {
                await HealthyAsync(service);
            }

            var published = (await images.DockerAsync("port", Name("gateway"), "8080/tcp")).Require().Split('\n')[0].Trim();
            using var http = new HttpClient { BaseAddress = new Uri($"http://{published}") };
            Assert.Contains("<html", await http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
            using var session = await http.GetAsync("/api/session", TestContext.Current.CancellationToken);
            Assert.True(session.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Unauthorized, $"{session.StatusCode}");
            using var answer = await OperatorAsync(http, secrets);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(BuiltImages.Version, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var container in started)
            {
                await images.DockerAsync("rm", "--force", "--volumes", container);
            }
            await images.DockerAsync("network", "rm", Network);
        }
    }

    private static Task<HttpResponseMessage> OperatorAsync(HttpClient http, string secrets)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/operator/version");
        request.Headers.Authorization = new("Bearer", File.ReadAllText(Path.Combine(secrets, "Operator__Token")));
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task StartAsync(List<string> started, string service, string image, string[] options, string[] arguments)
    {
        started.Add(Name(service));
        (await images.DockerAsync([
            "run", "--detach", "--name", Name(service), "--network", Network, "--network-alias", service,
            "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "500", .. options, image, .. arguments])).Require();
    }

    private async Task HealthyAsync(string service)
    {
        for (var i = 0; i < 90; i++)
        {
            var state = (await images.DockerAsync("inspect", "--format", "{{.State.Health.Status}} {{.State.Status}}", Name(service))).Require().Trim();
            if (state == "healthy running")
            {
                return;
            }
            if (!state.EndsWith("running", StringComparison.Ordinal))
            {
                break;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
        var health = await images.DockerAsync("inspect", "--format", "{{json .State}}", Name(service));
        var log = await images.DockerAsync("logs", "--tail", "50", Name(service));
        Assert.Fail($"{service} did not get healthy: {health.Output}\n{log.Output}{log.Error}");
    }

    private string Secrets(string service, params string[] keys)
    {
        var folder = Directory.CreateDirectory(Path.Combine(images.Folder, "secrets", service)).FullName;
        foreach (var key in keys)
        {
            var random = RandomNumberGenerator.GetBytes(32);
            File.WriteAllText(Path.Combine(folder, key), key.EndsWith("__Key", StringComparison.Ordinal) ? Convert.ToBase64String(random) : Convert.ToHexString(random));
            // The containers' user reads it; the folder above is ours alone.
            File.SetUnixFileMode(Path.Combine(folder, key), UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        return folder;
    }

    private static string Image(string name) => $"provost/{name}:{BuiltImages.Version}";

    private static string Name(string service) => $"provost-story-{service}";
}
