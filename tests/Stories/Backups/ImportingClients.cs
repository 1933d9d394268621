using System.Net.Http.Json;
using Provost.Contracts;
using Provost.Harness;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets.Process;

namespace Provost.Stories.Backups;

/// <summary>
/// The write load of a busy day: new courses and new versions of old ones, so that both directions of every reference are being
/// made, and somebody who erases students of them. They talk to the platform directly: a process for each would load the machine more than the platform.
/// </summary>
internal sealed class ImportingClients : IAsyncDisposable
{
    private const int Writers = 3;
    private const int ImportsPerCourse = 10;
    private const int Students = 30;

    private static readonly TimeSpan BetweenImports = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenErasures = TimeSpan.FromMilliseconds(300);

    private readonly OperatorClient platform;
    private readonly CancellationTokenSource over = new();
    private readonly int[] done = new int[Writers];
    private readonly Task[] writing;
    private readonly Task erasing;
    private volatile TaskCompletionSource mayWork = new();
    private int erasures;

    /// <summary>Begin when they are told to go on.</summary>
    public ImportingClients(Installation installation, Session admin)
    {
        platform = OperatorClient.For(new StateDirectory(installation.StateDirectory));
        writing = [.. Enumerable.Range(0, Writers).Select(n => WriteAsync(Path.Combine(installation.Directory, $"writer-{n}.csv"), n))];
        erasing = EraseAsync(admin);
    }

    public void GoOn() => mayWork.TrySetResult();

    public void Rest() => mayWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns>How much was acknowledged.</returns>
    public async Task<(int Imports, int Erasures)> EndAsync()
    {
        await over.CancelAsync();
        GoOn();
        await Task.WhenAll([.. writing, erasing]);
        return (done.Sum(), erasures);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        platform.Dispose();
        over.Dispose();
    }

    private async Task WriteAsync(string file, int writer)
    {
        while (await MayWorkAsync(BetweenImports))
        {
            await File.WriteAllTextAsync(file, SeededGradebook.Canvas(Students, 6, seed: writer + 1, revision: done[writer]), CancellationToken.None);
            await platform.ImportAsync(ImportSource.From(file), Course(writer, done[writer] / ImportsPerCourse), _ => { }, CancellationToken.None);
            Interlocked.Increment(ref done[writer]);
        }
    }

    // Somebody of a course that was imported before; whoever is not there any more is no erasure.
    private async Task EraseAsync(Session admin)
    {
        var random = new Random(5);
        while (await MayWorkAsync(BetweenErasures))
        {
            var writer = random.Next(Writers);
            if (Volatile.Read(ref done[writer]) / ImportsPerCourse is > 0 and var courses)
            {
                var body = new ErasureRequest($"u{random.Next(Students)}", Course(writer, random.Next(courses)));
                using var erased = await admin.Http.PostAsJsonAsync("api/admin/erasures", body, CancellationToken.None);
                erasures += erased.IsSuccessStatusCode ? 1 : 0;
            }
        }
    }

    private async Task<bool> MayWorkAsync(TimeSpan pause)
    {
        await mayWork.Task;
        await Task.Delay(pause, CancellationToken.None);
        return !over.IsCancellationRequested;
    }

    private static string Course(int writer, int number) => $"Course {writer}-{number}";
}
