using System.Diagnostics;
using System.Globalization;
using System.Text;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Survival;

/// <summary>An acknowledged import survives kill -9 of any process, and readers do not notice.</summary>
public sealed class KillStory(ITestOutputHelper output)
{
    private const string Course = "MATH 101";
    private const int Students = 60;
    private const int Assessments = 10;

    private static readonly string[] Victims = ["api", "redis", "clickhouse", "gateway", "web"];

    private static int Rounds => Repository.Soak ? 200 : 10;

    [Fact]
    public async Task No_acknowledged_import_is_lost_when_any_service_is_killed()
    {
        await using var installation = await Installation.StartAsync();
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(Students, Assessments), TestContext.Current.CancellationToken);
        (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
        using var professor = await installation.SignInAsync("ada", "professor", Course);
        var course = (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id;

        var random = new Random(7);
        var acknowledged = 0;
        var failures = new List<string>();
        for (var round = 1; round <= Rounds; round++)
        {
            var victim = Victims[(round - 1) % Victims.Length];
            var replicas = (await installation.ReplicasAsync()).Where(replica => replica.Service == victim).ToArray();
            await using var readers = new Readers(professor, $"api/courses/{course}/overview", 2);
            var import = ImportAsync(professor, course, round);
            await Task.Delay(random.Next(0, 60), TestContext.Current.CancellationToken);
            var killed = Kill(replicas[random.Next(replicas.Length)]);

            if (await import)
            {
                acknowledged++;
                await MustHoldAsync(professor, course, round);
            }
            await ReadyAgainAsync(installation, killed);
            await readers.StopAsync();
            failures.AddRange(readers.Failures.Select(failure => $"round {round}, {victim} killed: {failure}"));
            output.WriteLine($"round {round}: killed {victim}, {readers.Answered} reads, slowest {readers.LongestGapMilliseconds} ms, {readers.Failures.Count} failed");
        }

        output.WriteLine($"{acknowledged} of {Rounds} imports acknowledged while something was killed");
        Assert.True(acknowledged >= Rounds / 2, $"Only {acknowledged} of {Rounds} imports were acknowledged: the story proves nothing");
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Services_go_on_when_the_agent_is_killed_and_the_next_agent_adopts_them()
    {
        await using var installation = await Installation.StartAsync();
        using var admin = await installation.SignInAsync("root-admin", "admin");
        var before = await installation.ReplicasAsync();
        var agent = before.Single(replica => replica.Service == "agent");

        await using (var readers = new Readers(admin, "api/session", 2))
        {
            Kill(agent);
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            await installation.UpAsync();
            await readers.StopAsync();
            Assert.Empty(readers.Failures);
        }

        var after = await installation.ReplicasAsync();
        Assert.NotEqual(agent.Pid, after.Single(replica => replica.Service == "agent").Pid);
        Assert.Equal(Pids(before), Pids(after));

        await ReadyAgainAsync(installation, Kill(after.First(replica => replica.Service == "api")));
        await ReadyAgainAsync(installation, Kill(after.First(replica => replica.Service == "gateway")));
        Assert.NotNull((await admin.GetAsync<SessionView>("api/session")).User);

        static string[] Pids(IEnumerable<Replica> replicas) =>
            [.. replicas.Where(replica => replica.Service != "agent").Select(replica => $"{replica.Id}={replica.Pid}").Order()];
    }

    // An import is idempotent, so the client sends it again when the connection broke or the edge had nobody to send it to.
    private static async Task<bool> ImportAsync(Session professor, string course, int revision)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            try
            {
                using var body = new StringContent(SeededGradebook.Canvas(Students, Assessments, revision: revision), Encoding.UTF8, "text/csv");
                using var answer = await professor.Http.PostAsync($"api/courses/{course}/imports?file=gradebook.csv", body);
                if (answer.IsSuccessStatusCode)
                    return true;
            }
            catch (HttpRequestException)
            {
                // The connection was cut by the kill: nothing was acknowledged.
            }
            await Task.Delay(300);
        }
        return false;
    }

    private static async Task MustHoldAsync(Session professor, string course, int revision)
    {
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview");
        var expected = Means(SeededGradebook.Canvas(Students, Assessments, revision: revision));
        foreach (var assessment in overview.Assessments.Where(assessment => assessment.Graded > 0))
            Assert.Equal(expected[assessment.Name.Split(" (")[0]], assessment.Mean.Value!.Value, 6);
    }

    private static Dictionary<string, double> Means(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split(',').Skip(5).Select(name => name.Split(" (")[0]).ToArray();
        var rows = lines.Skip(2).Select(line => line[(line.IndexOf("\",", StringComparison.Ordinal) + 2)..].Split(',').Skip(4).ToArray()).ToArray();
        return names.Select((name, column) => (name, scores: rows.Select(row => row[column]).Where(cell => cell.Length > 0)
                .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()))
            .Where(pair => pair.scores.Length > 0).ToDictionary(pair => pair.name, pair => pair.scores.Average());
    }

    // Until the agent has noticed the kill, the status still tells of the process that is gone.
    private static async Task ReadyAgainAsync(Installation installation, Replica killed)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(60))
        {
            // Exit 6 while something is not ready: the answer is JSON all the same.
            var status = await installation.RunAsync("status", "--json");
            if (status.Json.GetProperty("healthy").GetBoolean() && !Installation.Replicas(status.Json).Any(replica => replica.Pid == killed.Pid))
                return;
            await Task.Delay(200);
        }
        Assert.Fail("Not healthy within 60 s: " + (await installation.RunAsync("status")).Output);
    }

    private static Replica Kill(Replica victim)
    {
        Process.GetProcessById(victim.Pid).Kill();
        return victim;
    }
}
