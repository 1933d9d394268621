using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Deployments;

/// <summary>What is judged before a release goes live or comes back: its canary, the schema that it would find, its address.</summary>
public sealed class JudgementStory(RunningInstallation running, ITestOutputHelper output) : IClassFixture<RunningInstallation>
{
    private const int Refused = 8;
    private const int Returned = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Installation installation = running.Installation;

    [Fact]
    public async Task A_canary_that_answers_slowly_is_taken_back()
    {
        var before = await LiveAsync();
        var slow = Path.Combine(installation.Directory, "slow");
        var release = await ReleaseForge.WithSlowApiAsync(installation, "8.1.0", slow);

        var deploy = await DeployRun.StrikeAsync(
            installation, [release, "--canary", "50%", "--canary-time", "5", "--json"], "Compare the new replicas", _ => File.WriteAllTextAsync(slow, "", Stop));

        output.WriteLine(deploy.ToString());
        Assert.Equal(Returned, deploy.ExitCode);
        var report = JsonDocument.Parse(deploy.Output).RootElement;
        Assert.Contains("the new replicas", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("details").EnumerateArray(), line => line.GetString()!.StartsWith("new: ", StringComparison.Ordinal));
        Assert.DoesNotContain(report.GetProperty("steps").EnumerateArray(), step => step.GetProperty("name").GetString() == "switch");
        Assert.Equal(before, await LiveAsync());
        (await installation.RunAsync("smoke")).MustSucceed();
    }

    [Fact]
    public async Task A_good_canary_goes_live_and_comes_back_unless_the_schema_was_contracted_meanwhile()
    {
        var (before, other) = (await LiveAsync(), await running.OtherAsync());
        var deploy = (await Command.ProvostAsync(installation.Directory, Limit, "deploy", other, "--canary", "50%", "--canary-time", "3", "--contract", "--json")).MustSucceed();
        Assert.Contains("requests, 0 failed", deploy.Talk, StringComparison.Ordinal);
        Assert.Contains("nothing to remove", deploy.Talk, StringComparison.Ordinal);
        Assert.Equal(other, await LiveAsync());

        await AskStoreAsync("INSERT INTO provost.schema_versions (version, name) VALUES (9999, '9999-drop-scores.contract')");
        var refused = await Command.ProvostAsync(installation.Directory, Limit, "rollback", "--json");
        Assert.Equal(Refused, refused.ExitCode);
        var error = refused.Json.GetProperty("error");
        Assert.Contains(before, error.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains("9999-drop-scores.contract", error.GetProperty("what").GetString(), StringComparison.Ordinal);
        await UntilAsync(async () => (await installation.RunAsync("status")).Output.Contains("A newer release removed what this one reads", StringComparison.Ordinal));

        await AskStoreAsync("ALTER TABLE provost.schema_versions DELETE WHERE version = 9999 SETTINGS mutations_sync = 2");
        await UntilAsync(async () => (await installation.RunAsync("status")).ExitCode == 0);
        (await Command.ProvostAsync(installation.Directory, Limit, "rollback")).MustSucceed();
        Assert.Equal(before, await LiveAsync());
    }

    [Fact]
    public async Task A_changed_port_is_left_by_a_deployment_and_taken_up_by_up()
    {
        var file = Path.Combine(installation.Directory, "provost.yaml");
        var (text, port) = (await File.ReadAllTextAsync(file, Stop), FreePort.Next());
        await File.WriteAllTextAsync(file, text.Replace($"port: {installation.Url.Port}", $"port: {port}", StringComparison.Ordinal), Stop);
        var moved = new Uri($"http://localhost:{port}");

        var deploy = (await Command.ProvostAsync(installation.Directory, Limit, "deploy", await LiveAsync(), "--json")).MustSucceed();
        Assert.Contains(deploy.Json.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("public address goes on as it was", StringComparison.Ordinal));
        Assert.True(await AnswersAsync(installation.Url));

        var up = (await Command.ProvostAsync(installation.Directory, Limit, "up", "-d", "--no-demo")).MustSucceed();
        Assert.Contains(moved.AbsoluteUri.TrimEnd('/'), up.Output, StringComparison.Ordinal);
        Assert.True(await AnswersAsync(moved));
        Assert.False(await AnswersAsync(installation.Url));
        (await installation.RunAsync("smoke")).MustSucceed();

        await File.WriteAllTextAsync(file, text, Stop);
        (await Command.ProvostAsync(installation.Directory, Limit, "up", "-d", "--no-demo")).MustSucceed();
        Assert.True(await AnswersAsync(installation.Url));
    }

    private async Task<string> LiveAsync() => (await installation.JsonAsync("status")).GetProperty("release").GetString()!;

    private async Task AskStoreAsync(string statement)
    {
        var state = installation.StateDirectory;
        var port = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(state, "ports.json"))).RootElement.GetProperty("clickhouse-1").GetInt32();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-ClickHouse-User", "provost");
        http.DefaultRequestHeaders.Add("X-ClickHouse-Key", (await File.ReadAllTextAsync(Path.Combine(state, "secrets", "operator", "ClickHouse__Password"))).Trim());
        using var content = new StringContent(statement);
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<bool> AnswersAsync(Uri edge)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
            using var answer = await http.GetAsync(new Uri(edge, "/api/session"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); !await holds(); await Task.Delay(300))
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "not within a minute");
    }
}
