using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Backups;

/// <summary>A professor who changes the rules of one course again and again: each change is a commit, and how long it takes is written down.</summary>
internal sealed class CommittingClient : IAsyncDisposable
{
    private const string Course = "Commits";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Session session;
    private readonly CancellationTokenSource over = new();
    private readonly List<(long Start, double Milliseconds)> commits = [];
    private readonly Task committing;

    private CommittingClient(Session session, string course)
    {
        this.session = session;
        committing = CommitAsync(course);
    }

    public static async Task<CommittingClient> StartAsync(Installation installation)
    {
        var file = Path.Combine(installation.Directory, "commits.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(5, 5));
        (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
        var session = await installation.SignInAsync("committer", "professor", Course);
        return new CommittingClient(session, (await session.GetAsync<CourseSummary[]>("api/courses"))[0].Id);
    }

    /// <summary>The longest of those that began since, and how many they are.</summary>
    public (double Milliseconds, int Count) LongestSince(long timestamp)
    {
        lock (commits)
        {
            var since = commits.Where(c => c.Start >= timestamp).Select(c => c.Milliseconds).ToList();
            return (since.DefaultIfEmpty().Max(), since.Count);
        }
    }

    /// <summary>What a commit takes when nothing holds it up.</summary>
    public double Usual()
    {
        lock (commits)
        {
            return commits.Select(c => c.Milliseconds).Order().ElementAt(commits.Count / 2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await committing;
        session.Dispose();
        over.Dispose();
    }

    private async Task CommitAsync(string course)
    {
        var settings = await session.GetAsync<CourseSettings>($"api/courses/{course}/settings");
        while (!over.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            settings = settings with { GraceDays = settings.GraceDays == 3 ? 4 : 3 };
            using (var answer = await session.Http.PutAsJsonAsync($"api/courses/{course}/settings", settings, Json))
            {
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            }
            lock (commits)
            {
                commits.Add((start, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            }
            await Task.Delay(20);
        }
    }
}
