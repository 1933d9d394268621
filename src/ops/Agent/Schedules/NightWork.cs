namespace Provost.Agent.Schedules;

/// <summary>How far the work of a night has come.</summary>
/// <param name="Night">When it began; null before the first.</param>
/// <param name="Created">Whether the backup arrived everywhere.</param>
/// <param name="Verified">Whether it was verified since.</param>
/// <param name="Failures">Tries in which something failed; 0 once all is done.</param>
internal sealed record NightWork(DateTimeOffset? Night, bool Created, bool Verified, int Failures, DateTimeOffset TriedAt)
{
    public static NightWork None { get; } = new(null, false, false, 0, default);
}
