using System.Globalization;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Plans;

namespace Provost.Cli.Output;

/// <summary>Says how far a plan is: numbered steps, the commands behind them, the time each took.</summary>
internal sealed class PlanTalk(Terminal terminal, bool verbose) : IProgress<StepProgress>
{
    private readonly Lock gate = new();
    private int shownOf;

    public void Report(StepProgress value)
    {
        lock (gate)
        {
            Show(value);
        }
    }

    private void Show(StepProgress value)
    {
        switch (value)
        {
            case { Seconds: { } seconds }:
                terminal.Say(string.Create(CultureInfo.InvariantCulture, $"      done in {seconds:0.0} s"));
                break;
            case { Line: null }:
                shownOf = 0;
                terminal.Say($"{value.Number,3}/{value.Count} {value.Step.Title}");
                break;
            // The command itself and what readiness says; what a compiler says comes with the error, or with --verbose.
            case { Line: { } line } when verbose || IsProgress(value.Step, line) || shownOf++ < Commands(value.Step):
                terminal.Say($"      {line}");
                break;
            default:
                break;
        }
    }

    private static bool IsProgress(Step step, string line) =>
        step is Step.WaitReady or Step.WaitHealthy or Step.Roll or Step.FetchImages or Step.StopSite or Step.Apply or Step.Stage
        || (step is Step.BuildImages && line.EndsWith(ImageBuild.Begins, StringComparison.Ordinal));

    private static int Commands(Step step) => step switch
    {
        Step.Run => 1,
        Step.Together together => together.Steps.Count(s => s is Step.Run),
        _ => 0,
    };
}
