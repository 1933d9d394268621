using System.Diagnostics;
using System.Net.Http.Json;
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

    private const int ColdEvery = 20;

    private static readonly string[] Victims = ["api", "redis", "clickhouse", "gateway", "web", "agent"];

    private static int Rounds => Repository.Soak ? 200 : 6;

    [Fact]
    public async Task No_acknowledged_import_is_lost_when_any_service_is_killed()
    {
        await using var installation = await Installation.StartAsync();
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, Gradebook(0), TestContext.Current.CancellationToken);
        (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
        using var professor = await installation.SignInAsync("ada", "professor", Course);
        var course = (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id;
        await using var watcher = new Watcher(professor, installation.Url, course);
        await watcher.UntilAsync(1);

        var place = new Place(installation, professor, course);
        var (acknowledged, failures) = (new List<long>(), new List<string>());
        // Revisions that the course may hold: the last acknowledged one, and those after it that nobody acknowledged.
        int[] possible = [0];
        for (var round = 1; round <= Rounds; round++)
        {
            await using var readers = new Readers(professor, $"api/courses/{course}/overview", 2);
            var (killed, version) = await KillWhileImportingAsync(place, round);
            possible = version is null ? [.. possible, round] : [round];
            if (version is not null)
            {
                acknowledged.Add(version.Value);
                MustBeOneOf(possible, await Content.OfOverviewAsync(professor, course));
            }
            if (killed.Service == "agent")
                await installation.UpAsync();
            await ReadyAgainAsync(installation, killed);
            MustBeOneOf(possible, await Content.OfOverviewAsync(professor, course));
            await readers.StopAsync();
            failures.AddRange(Noticed(readers).Select(failure => $"round {round}, {killed.Id} killed: {failure}"));
            output.WriteLine($"round {round}: killed {killed.Id}, {readers.Answered} reads, slowest {readers.LongestGapMilliseconds} ms, {readers.Failures.Count} failed");
            if (round % ColdEvery == 0 || round == Rounds)
                MustBeOneOf(possible, await FromColdAsync(place));
        }

        output.WriteLine($"{acknowledged.Count} of {Rounds} imports acknowledged while something was killed; the watcher connected {watcher.Connections} times");
        Assert.True(acknowledged.Count >= Rounds / 2, $"Only {acknowledged.Count} of {Rounds} imports were acknowledged: the story proves nothing");
        await MustBeToldInOrderAsync(watcher, acknowledged);
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

    private static async Task<(Replica Killed, long? Version)> KillWhileImportingAsync(Place place, int round)
    {
        var random = new Random(round);
        var victim = Victims[(round - 1) % Victims.Length];
        var replicas = (await place.Installation.ReplicasAsync()).Where(replica => replica.Service == victim).ToArray();
        var import = ImportAsync(place, round);
        await Task.Delay(random.Next(0, 60), TestContext.Current.CancellationToken);
        var killed = Kill(replicas[random.Next(replicas.Length)]);
        return (killed, await import);
    }

    // An import is idempotent, so the client sends it again when the connection broke or the edge had nobody to send it to.
    private static async Task<long?> ImportAsync(Place place, int revision)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            try
            {
                using var body = new StringContent(Gradebook(revision), Encoding.UTF8, "text/csv");
                using var answer = await place.Professor.Http.PostAsync($"api/courses/{place.Course}/imports?file=gradebook.csv", body);
                if (answer.IsSuccessStatusCode)
                    return (await answer.Content.ReadFromJsonAsync<ImportReport>())!.Version;
            }
            catch (HttpRequestException)
            {
                // The connection was cut by the kill: nothing was acknowledged.
            }
            await Task.Delay(300);
        }
        return null;
    }

    // No process is left that had the content in memory: it comes out of the facts.
    private static async Task<string> FromColdAsync(Place place)
    {
        Replica[] killed = [.. (await place.Installation.ReplicasAsync()).Where(replica => replica.Service == "api").Select(Kill)];
        foreach (var replica in killed)
            await ReadyAgainAsync(place.Installation, replica);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await Content.OfExportAsync(place.Professor, place.Course);
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                // With every replica gone at once, the gateway too has to see first that they are back.
                await Task.Delay(200);
            }
        }
    }

    private static IEnumerable<string> Noticed(Readers readers) => readers.Answered == 0 ? ["no read was answered"] : readers.Failures;

    // Every sequence once, none left out, and among them every import that was acknowledged.
    private static async Task MustBeToldInOrderAsync(Watcher watcher, List<long> acknowledged)
    {
        await watcher.UntilAsync(acknowledged[^1]);
        var seen = watcher.Seen;
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(change => change.Sequence));
        Assert.Empty(acknowledged.Except(seen.Select(change => change.Version)));
    }

    private static void MustBeOneOf(int[] revisions, string held)
    {
        string[] expected = [.. revisions.Select(revision => Content.Of(Gradebook(revision)))];
        if (!expected.Contains(held))
            Assert.Equal(expected[^1], held);
    }

    private static string Gradebook(int revision) => SeededGradebook.Canvas(Students, Assessments, revision: revision);

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

    private sealed record Place(Installation Installation, Session Professor, string Course);
}
