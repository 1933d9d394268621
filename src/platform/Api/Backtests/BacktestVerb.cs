using System.Text.Json;
using Provost.Analytics.Backtests;
using Provost.Analytics.Insights;
using Provost.Gradebooks;

namespace Provost.Api.Backtests;

/// <summary>
/// "Provost.Api backtest --train DIR --test DIR": no server; two OULAD folders in, JSON out. Refused folders end with 65 and two
/// lines of talk: what is wrong, what to do.
/// </summary>
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
            var card = BacktestCards.ToWire(Backtest.Evaluate(courses, Fit(trained, train)), $"trained on {trained.Length}, tested on {courses.Length} presentations");
            await output.WriteLineAsync(JsonSerializer.Serialize(card, ApiJson.Default.BacktestCard));
            return 0;
        }
        catch (GradebookError error)
        {
            await talk.WriteLineAsync(error.What + error.Place);
            await talk.WriteLineAsync(error.Remedy);
            return BadInput;
        }
    }

    private static Calibration Fit(FinishedCourse[] courses, string folder)
    {
        try
        {
            return Backtest.Fit(courses, string.Join(", ", courses.Select(course => course.Name)));
        }
        catch (ArgumentException)
        {
            throw new GradebookError(
                $"Nothing can be learned from {folder}: none of its presentations has students and coursework with a due day",
                "Name another folder after --train: exams alone, and courses without students, do not tell how risk grows");
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
