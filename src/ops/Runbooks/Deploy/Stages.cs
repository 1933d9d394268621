using Provost.Runbooks.Plans;

namespace Provost.Runbooks.Deploy;

/// <summary>Carries out one stage after the other and remembers how long each took.</summary>
/// <param name="fence">Why nothing may be begun any more; asked before each stage.</param>
internal sealed class Stages(IReadOnlyList<(string Name, string Title)> planned, IProgress<StepProgress> progress, TimeProvider time, Func<OperationError?>? fence)
{
    private readonly List<DeployStep> done = [];

    public IReadOnlyList<DeployStep> Done => done;

    /// <summary>The stage that is under way, or was the last.</summary>
    public string Current { get; private set; } = planned[0].Name;

    public async Task RunAsync(string name, Func<Action<string>, Task> stage)
    {
        var number = planned.Index().First(p => p.Item.Name == name).Index + 1;
        var step = new Step.Stage(planned[number - 1].Title);
        Current = name;
        if (fence?.Invoke() is { } lost)
        {
            throw lost;
        }
        progress.Report(new StepProgress(number, planned.Count, step, null, null));
        var start = time.GetTimestamp();
        try
        {
            await stage(line => progress.Report(new StepProgress(number, planned.Count, step, line, null)));
        }
        finally
        {
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            done.Add(new DeployStep(name, Math.Round(seconds, 2)));
            progress.Report(new StepProgress(number, planned.Count, step, null, seconds));
        }
    }
}
