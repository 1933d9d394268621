using System.Text.Json;
using Provost.Analytics.Backtests;
using Provost.Gradebooks;

namespace Provost.Api.Backtests;

/// <summary>"Provost.Api backtest --train DIR --test DIR": no server; two OULAD folders in, JSON out.</summary>
internal static class BacktestVerb
{
    private const int Usage = 64;
    private const int BadInput = 65;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter talk)
    {
        var (train, test) = args switch
        {
            ["--train", var first, "--test", var second] => (first, second),
            ["--test", var second, "--train", var first] => (first, second),
            _ => (null, null),
        };
        if (train is null || test is null)
        {
            await talk.WriteLineAsync("Usage: Provost.Api backtest --train DIR --test DIR (two folders with the OULAD tables)");
            return Usage;
        }

        try
        {
            var (courses, trained) = (await ReadAsync(test), await ReadAsync(train));
            var card = BacktestCards.ToWire(Backtest.Run(trained, courses), $"trained on {trained.Length}, tested on {courses.Length} presentations");
            await output.WriteLineAsync(JsonSerializer.Serialize(card, ApiJson.Default.BacktestCard));
            return 0;
        }
        catch (GradebookError error)
        {
            await talk.WriteLineAsync(error.Message);
            return BadInput;
        }
    }

    private static async Task<FinishedCourse[]> ReadAsync(string folder) =>
        [.. (await GradebookReader.ReadFolderAsync(folder)).Select(Finished)];

    internal static FinishedCourse Finished(Gradebook course) => new(
        course.CourseName ?? "course", course.Assessments,
        [.. course.Students.Select(student => new FinishedStudent(
            student.SourceId, student.FinalResult is FinalResult.Fail or FinalResult.Withdrawn,
            student.FinalResult == FinalResult.Withdrawn, student.UnregisteredDay))],
        course.Cells);
}
