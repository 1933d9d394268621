using System.Collections.Concurrent;
using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// What users notice meanwhile: asks the edge without a break and remembers the longest time without a good answer, and
/// counts what the gateways answered, also those that leave.
/// </summary>
internal sealed class EdgeWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan CountEvery = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<string, (GatewayReport First, GatewayReport Last)> counted = new();
    private readonly HashSet<string> present;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly Task[] work;
    private IReadOnlyList<IGateway> watched;
    private long missed;
    private string? problem;

    public EdgeWatch(OperatorDoor door, IReadOnlyList<IGateway> gateways, TimeProvider time)
    {
        this.time = time;
        watched = gateways;
        present = [.. watched.Select(g => g.Id)];
        http = new HttpClient(door.Handler()) { BaseAddress = door.Url, Timeout = AnswerLimit };
        work = [NotedAsync(AskAsync), NotedAsync(CountAsync)];
    }

    public TimeSpan LongestGap { get; private set; }

    /// <summary>Why what users noticed is not wholly known; empty normally.</summary>
    public IReadOnlyList<string> Problems => problem is { } what ? [$"what users noticed was not counted to the end: {what}"] : [];

    public long Requests => counted.Values.Sum(c => c.Last.Served - c.First.Served);

    /// <summary>What the gateways could not answer, and what this machine's own questions did not get.</summary>
    public long Failed => counted.Values.Sum(c => c.Last.Failed - c.First.Failed) + Volatile.Read(ref missed);

    /// <summary>Gateways that came meanwhile are counted from their start.</summary>
    public void Add(IReadOnlyList<IGateway> gateways) => watched = [.. watched.UnionBy(gateways, g => g.Id)];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        ending.Dispose();
    }

    // Silence would look as if nobody had noticed anything.
    private async Task NotedAsync(Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (Exception e) when (!ending.IsCancellationRequested)
        {
            problem = e.Message;
        }
    }

    private async Task AskAsync()
    {
        var good = time.GetTimestamp();
        while (!ending.IsCancellationRequested)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/api/session", UriKind.Relative), ending.Token);
                response.EnsureSuccessStatusCode();
                var gap = time.GetElapsedTime(good) - Pause;
                LongestGap = gap > LongestGap ? gap : LongestGap;
                good = time.GetTimestamp();
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !ending.IsCancellationRequested))
            {
                // With a status, a gateway has counted it.
                missed += e is HttpRequestException { StatusCode: not null } ? 0 : 1;
            }
            await Task.Delay(Pause, time, ending.Token);
        }
    }

    private async Task CountAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            foreach (var gateway in watched)
            {
                if (await GatewayClient.ReportAsync(gateway, ending.Token) is { } report)
                {
                    counted.AddOrUpdate(gateway.Id, _ => (First(gateway, report), report), (_, known) => known with { Last = report });
                }
            }
            await Task.Delay(CountEvery, time, ending.Token);
        }
    }

    // One that was there before is counted from now on; one that came later, from its start.
    private GatewayReport First(IGateway gateway, GatewayReport now) => present.Contains(gateway.Id) ? now : now with { Served = 0, Failed = 0 };
}
