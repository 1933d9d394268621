using System.Globalization;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;

namespace Provost.Runbooks.Drills.Deploy;

/// <param name="Rolls">One deployment for each of these, the first of them to what is live, which is live again in the end.</param>
/// <param name="Door">The public door, through which the clients come as users do.</param>
public sealed record DeployDrillRequest(IReadOnlyList<DeployRequest> Rolls, OperatorDoor Door, DrillLoad Load);

/// <param name="Rounds">Rolls. Every fourth is followed by a rollback, a new gateway and a killed agent.</param>
/// <param name="Clients">Clients that read and open pages, together <paramref name="RequestsPerSecond"/> times in a second.</param>
/// <param name="Requests">After the rounds, rolling goes on until the clients have sent so many.</param>
public sealed record DrillLoad(int Rounds, int Clients, double RequestsPerSecond, int Sessions, long Requests);

/// <summary>Proves on the installation itself that deployments are not noticed: clients work while everything is replaced.</summary>
public sealed class DeployDrill(DeployDrillRequest request, IProgress<StepProgress> progress, TimeProvider time)
{
    private const double LongestGapAllowedMs = 500;
    private const double LongestWaitAllowedMs = 500;
    private const int Streams = 3;

    private readonly Tally tally = new(time);

    /// <summary>
    /// What the clients noticed. A drill that is broken off, by a deployment that fails or by the operator, brings the site back to
    /// where it was under the same load, and says so in its figures.
    /// </summary>
    /// <exception cref="OperationError">The clients could not begin; nothing was replaced.</exception>
    public async Task<DrillFigures> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await using var client = await DrillClient.SignInAsync(request.Door, cancellation);
        var load = new HttpLoad(client, tally, time);
        await using var sessions = new LiveSessions(client, tally, time);
        await sessions.OpenAsync(request.Load.Sessions, cancellation);
        var first = sessions.Last;
        tally.Answers.Begin();
        using var working = new CancellationTokenSource();
        var work = Task.WhenAll(
            load.RunAsync(request.Load.Clients, request.Load.RequestsPerSecond, working.Token), new StreamLoad(client, tally, time).RunAsync(Streams, working.Token));
        var replacing = new Replacements(request, tally, progress, time);
        string? brokenOff;
        try
        {
            brokenOff = await replacing.RunAsync(cancellation);
        }
        finally
        {
            tally.Answers.End();
            await working.CancelAsync();
            await work;
        }
        var last = await sessions.DeliveredAsync(first + load.Changes);
        await sessions.CloseAsync();
        return Judge(sessions, first, last, load.Changes, new DrillEnd(replacing, brokenOff, Math.Round(time.GetElapsedTime(start).TotalSeconds, 1)));
    }

    private DrillFigures Judge(LiveSessions sessions, long first, long last, long changes, DrillEnd end)
    {
        var done = sessions.Last - first;
        var (undone, repeated) = (Math.Max(0, changes - done), Math.Max(0, done - changes - tally.Lost));
        var (missedMessages, repeatedMessages) = (sessions.Missed(first, last), sessions.Repeated);
        List<string> problems = [.. end.BrokenOff is null ? [] : (string[])[end.BrokenOff], .. tally.Problems];
        void Require(bool held, string what)
        {
            if (!held)
            {
                problems.Add(what);
            }
        }
        var (gap, wait) = (tally.Answers.Gap, tally.Answers.Wait);
        Require(gap.Milliseconds <= LongestGapAllowedMs, string.Create(CultureInfo.InvariantCulture, $"for {gap.Milliseconds:0} ms no client got an answer, {gap.At}"));
        Require(wait.Milliseconds <= LongestWaitAllowedMs, string.Create(CultureInfo.InvariantCulture, $"a client waited {wait.Milliseconds:0} ms: {wait.At}"));
        Require(undone == 0, $"{undone} acknowledged changes were not done");
        Require(repeated == 0, $"{repeated} changes were done twice");
        Require(missedMessages == 0, $"{missedMessages} live messages were missed");
        Require(repeatedMessages == 0, $"{repeatedMessages} live messages came twice");
        Require(tally.Sent >= request.Load.Requests, $"only {tally.Sent} requests were sent, {request.Load.Requests} were wanted");
        return new DrillFigures(
            end.Replaced.Rolls, end.Replaced.Rollbacks, end.Replaced.Swaps, end.Replaced.Agents, end.Seconds, tally.Sent, tally.Streams, tally.Failed, tally.Lost + undone, repeated,
            Math.Round(gap.Milliseconds, 1), gap.At, tally.Answers.Quantile(0.99), Math.Round(wait.Milliseconds, 1), wait.At, sessions.Count, tally.Moved, tally.Cut, (last - first) * sessions.Count,
            missedMessages, repeatedMessages, tally.AssetErrors, end.BrokenOff, problems.Count == 0, problems);
    }

    private sealed record DrillEnd(Replacements Replaced, string? BrokenOff, double Seconds);
}
