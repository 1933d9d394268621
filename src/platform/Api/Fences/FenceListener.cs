using Provost.Api.State;

namespace Provost.Api.Fences;

/// <summary>Hears when a fence is raised or lowered, and says when this replica stands still.</summary>
internal sealed partial class FenceListener(RedisStore redis, FenceState state, WriteFence fence, TimeProvider time, ILogger<FenceListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Later than the key in Redis expires: a fence that is still named there is still up here.
    private static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await redis.ListenAsync(Keys.Fences, message => _ = HearAsync(message), () => { });
                // One that was raised before this replica listened holds for it too.
                await StandAsync();
                return;
            }
#pragma warning disable CA1031 // Without it a backup is refused, and says so; the service goes on.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(error, "listening");
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task HearAsync(string message)
    {
        try
        {
            switch (message.Split(':'))
            {
                case ["call", var token]:
                    // As for a fence: what that needs has been done once when it is raised.
                    _ = await state.CurrentAsync();
                    await state.AnswerAsync(token);
                    break;
                case ["raise", var token]:
                    if (await StandAsync() == token)
                        await state.AnswerAsync(token);
                    break;
                case ["lower", var token]:
                    fence.Lower(token);
                    break;
            }
        }
#pragma warning disable CA1031 // The fence falls by itself, and the backup tries again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(error, message.Split(':')[0]);
        }
    }

    private async Task<string?> StandAsync()
    {
        var (token, left) = await state.CurrentAsync();
        if (token is not null)
            await fence.RaiseAsync(token, left + Longer);
        return token;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The fence of a backup: {What} failed")]
    private partial void LogFailed(Exception error, string what);
}
