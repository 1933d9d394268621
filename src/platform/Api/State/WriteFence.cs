namespace Provost.Api.State;

/// <summary>
/// Holds back commits of this replica for a moment, so that a backup of all stores is one cut. Raised, it first lets those
/// end that have begun. It falls by itself: a tool that died holds up nobody.
/// </summary>
internal sealed class WriteFence(TimeProvider time)
{
    private readonly Lock gate = new();
    private int writing;
    private TaskCompletionSource? drained;
    private TaskCompletionSource? raised;
    private string token = "";

    /// <summary>Waits while the fence is up; disposed when the commit has ended.</summary>
    public async ValueTask<Passage> EnterAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (raised is null)
                {
                    writing++;
                    return new Passage(this);
                }
                wait = raised.Task;
            }
            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Returns once no commit runs any more.</summary>
    public Task RaiseAsync(string by, TimeSpan most)
    {
        lock (gate)
        {
            token = by;
            raised ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (writing == 0)
                drained.SetResult();
            _ = FallAsync(by, most);
            return drained.Task;
        }
    }

    public void Lower(string by)
    {
        lock (gate)
        {
            if (token != by)
                return;
            raised?.SetResult();
            raised = null;
            token = "";
        }
    }

    private async Task FallAsync(string by, TimeSpan after)
    {
        await Task.Delay(after, time);
        Lower(by);
    }

    private void Leave()
    {
        lock (gate)
            if (--writing == 0)
                drained?.TrySetResult();
    }

    internal readonly struct Passage(WriteFence fence) : IDisposable
    {
        public void Dispose() => fence.Leave();
    }
}
