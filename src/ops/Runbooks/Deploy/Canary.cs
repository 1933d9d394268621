using System.Globalization;

namespace Provost.Runbooks.Deploy;

/// <summary>What a group of replicas did while old and new were compared.</summary>
internal readonly record struct CanaryFigures(long Answered, long Failed, double Milliseconds)
{
    public double FailedShare => Answered == 0 ? 0 : (double)Failed / Answered;

    public double MeanMs => Answered == 0 ? 0 : Milliseconds / Answered;

    public static CanaryFigures operator -(CanaryFigures now, CanaryFigures before) =>
        new(now.Answered - before.Answered, now.Failed - before.Failed, now.Milliseconds - before.Milliseconds);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Answered} requests, {Failed} failed, {MeanMs:0.0} ms on average");
}

/// <summary>
/// Gives the new replicas a share of the requests and compares them with the old ones: by the share that failed and by the time
/// that an answer took. The edge is asked all the time meanwhile, so there is something to compare also at night.
/// </summary>
internal sealed class CanaryComparison(IReadOnlyList<IGateway> gateways, Destinations stable, Destinations canary, TimeProvider time)
{
    private const int FewestRequests = 30;
    private const int FewestFailures = 3;
    private const double MoreFailuresAllowed = 0.02;
    private const double SlowerAllowed = 2;
    private const double MillisecondsAllowed = 50;
    private const int TimesAsLong = 4;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <returns>What was seen, in words.</returns>
    public async Task<string> RunAsync(int percent, TimeSpan duration, CancellationToken cancellation)
    {
        await GatewayClient.SetAsync(gateways, stable with { Canary = new CanaryShare(canary.Api, canary.Web, percent) }, cancellation);
        var (oldBefore, newBefore) = (await FiguresAsync(stable, cancellation), await FiguresAsync(canary, cancellation));
        var start = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Look, time, cancellation);
            var (before, now) = (await FiguresAsync(stable, cancellation) - oldBefore, await FiguresAsync(canary, cancellation) - newBefore);
            if (Verdict(before, now) is { } refusal)
            {
                throw new OperationError(ErrorKind.Failed, refusal, "look at what the new replicas say: provost logs api", [$"old: {before}", $"new: {now}"]);
            }
            var isEnough = now.Answered >= FewestRequests && before.Answered >= FewestRequests;
            if (isEnough && time.GetElapsedTime(start) >= duration)
            {
                return $"new: {now}; old: {before}";
            }
            if (time.GetElapsedTime(start) >= duration * TimesAsLong)
            {
                // Who asks for a judgement does not get one by default.
                throw new OperationError(
                    ErrorKind.Failed, $"too few requests came to judge by, though they were waited for {TimesAsLong} times as long: at least {FewestRequests} each are needed",
                    "give the new replicas a larger share or more time: provost deploy --canary 25% --canary-time 120", [$"old: {before}", $"new: {now}"]);
            }
        }
    }

    /// <summary>Why the new replicas are not good enough; null when they are, or when too little is known.</summary>
    public static string? Verdict(CanaryFigures before, CanaryFigures now) => now switch
    {
        { Failed: >= FewestFailures } when now.FailedShare > before.FailedShare + MoreFailuresAllowed => string.Create(
            CultureInfo.InvariantCulture, $"the new replicas failed {now.FailedShare:P1} of their requests, the old ones {before.FailedShare:P1}"),
        { Answered: >= FewestRequests } when before.Answered >= FewestRequests && now.MeanMs > (before.MeanMs * SlowerAllowed) + MillisecondsAllowed => string.Create(
            CultureInfo.InvariantCulture, $"the new replicas took {now.MeanMs:0} ms for an answer, the old ones {before.MeanMs:0} ms"),
        _ => null,
    };

    private async Task<CanaryFigures> FiguresAsync(Destinations group, CancellationToken cancellation)
    {
        var reports = await Task.WhenAll(gateways.Select(g => GatewayClient.ReportAsync(g, cancellation)));
        var mine = reports.OfType<GatewayReport>().SelectMany(r => r.Api.Concat(r.Web)).Where(d => group.Api.Contains(d.Address) || group.Web.Contains(d.Address)).ToList();
        return new CanaryFigures(mine.Sum(d => d.Answered), mine.Sum(d => d.Failed), mine.Sum(d => d.Milliseconds));
    }
}
