using Provost.Rendering.Process;
using Provost.Runbooks;
using Provost.Runbooks.Operator;

namespace Provost.Agent.Schedules;

/// <summary>
/// Within a minute after somebody was erased, every destination of the backups knows it: a restore of an older backup erases
/// them again, even when this machine is gone.
/// </summary>
/// <param name="count">Lines of the erasure ledger; null when nobody answers.</param>
/// <param name="send">Brings them to the destinations; whether all have them.</param>
internal sealed class ErasureSchedule(Func<CancellationToken, Task<int?>> count, Func<CancellationToken, Task<bool>> send, TimeProvider time)
{
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    public static ErasureSchedule Of(Func<ScheduleSpec?> schedule, Func<OperatorClient> platform, Action<string, string> report, TimeProvider time) =>
        new(async cancellation => schedule() is { Enabled: true } ? await CountAsync(platform, cancellation) : null,
            async cancellation => schedule() is { } spec && await ScheduledVerb.RunAsync(spec, ["backup", "erasures"], report, cancellation), time);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var sent = 0;
        while (true)
        {
            await Task.Delay(Look, time, cancellation);
            if (await count(cancellation) is { } lines && lines > sent && await send(cancellation))
            {
                sent = lines;
            }
        }
    }

    private static async Task<int?> CountAsync(Func<OperatorClient> open, CancellationToken cancellation)
    {
        try
        {
            using var platform = open();
            return (await platform.ErasuresAsync(cancellation)).Count;
        }
        catch (OperationError)
        {
            // Not up, or not yet: the next look.
            return null;
        }
    }
}
