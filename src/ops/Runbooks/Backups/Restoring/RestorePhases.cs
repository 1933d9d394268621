namespace Provost.Runbooks.Backups.Restoring;

public sealed record RestorePhase(string Name, double Seconds);

/// <summary>The phases of a restore, one after the other; each stands here with its time once it has ended.</summary>
internal sealed class RestorePhases(TimeProvider time)
{
    private readonly List<RestorePhase> ended = [];

    public IReadOnlyList<RestorePhase> Ended => ended;

    public async Task<T> RunAsync<T>(string name, Func<Task<T>> work)
    {
        var start = time.GetTimestamp();
        var result = await work();
        ended.Add(new RestorePhase(name, Math.Round(time.GetElapsedTime(start).TotalSeconds, 3)));
        return result;
    }

    public Task RunAsync(string name, Func<Task> work) => RunAsync(name, async () =>
    {
        await work();
        return true;
    });
}
