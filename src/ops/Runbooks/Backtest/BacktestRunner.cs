using System.Text;
using System.Text.Json;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backtest;

public sealed record BacktestRequest(StateDirectory State, Checkout? Checkout, string Train, string Test);

/// <summary>Runs the platform's own backtest, which needs no server, and gives its JSON.</summary>
public static class BacktestRunner
{
    private const int ShownLines = 20;

    // Agreed with the platform: the folders are at fault, and the last two lines of talk say how and what to do.
    private const int Refused = 65;

    public static async Task<string> RunAsync(
        BacktestRequest request, TimeProvider time, IProgress<StepProgress> progress, CancellationToken cancellation)
    {
        foreach (var folder in (string[])[request.Train, request.Test])
        {
            if (!Directory.Exists(folder))
            {
                throw new OperationError(ErrorKind.Refused, $"there is no folder {folder}", "name folders with the CSV files of OULAD (studentInfo.csv, assessments.csv, ...)");
            }
        }
        var program = await ProgramAsync(request, time, progress, cancellation);
        using var output = new MemoryStream();
        List<string> errors = [];
        var exitCode = await Shell.StreamAsync(
            new Command(program, ["backtest", "--train", request.Train, "--test", request.Test]), output, errors.Add, cancellation);
        var json = Encoding.UTF8.GetString(output.ToArray()).Trim();
        if (exitCode == Refused && errors is [.., var what, var remedy])
        {
            throw new OperationError(ErrorKind.Refused, what, remedy);
        }
        if (exitCode != 0 || !IsJson(json))
        {
            throw new OperationError(ErrorKind.Failed, $"the backtest ended with code {exitCode}", "look at the lines below", [.. errors.TakeLast(ShownLines)]);
        }
        return json;
    }

    // What runs, when something runs; otherwise what the checkout builds.
    private static async Task<string> ProgramAsync(BacktestRequest request, TimeProvider time, IProgress<StepProgress> progress, CancellationToken cancellation)
    {
        if (request.Checkout is not { } checkout)
        {
            var spec = request.State.ReadSiteSpec() ?? throw new OperationError(ErrorKind.NotRunning, "there is no release here", "run provost up first");
            return Path.Combine(ReleaseFolder.Of(request.State, spec.Release), "Api", "Provost.Api");
        }
        var fingerprint = Build.Fingerprint(checkout);
        if (!Build.IsCurrent(checkout, fingerprint))
        {
            await new PlanRunner(time, progress).RunAsync(new Plan("Build", Build.Steps(checkout, fingerprint)), cancellation);
        }
        return Path.Combine(checkout.Published, "Api", "release", "Provost.Api");
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
