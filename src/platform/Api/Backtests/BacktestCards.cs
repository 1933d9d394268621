using System.Text.Json;
using System.Text.RegularExpressions;
using Provost.Analytics.Backtests;
using Provost.Api.Courses;
using Provost.Api.Insights;
using Provost.Contracts;

namespace Provost.Api.Backtests;

/// <summary>
/// How the risk list and the forecast would have done on this institution's own finished courses: those of the same group
/// ("AAA" of "AAA 2013J") when there are any, else all, else what was published for the default calibration.
/// </summary>
internal sealed partial class BacktestCards(FinishedCourses finished, Calibrations calibrations, InsightCache cache)
{
    private const int Folds = 4;
    private const string Everything = "*";

    /// <summary>The default on courses that it had not seen; a test repeats the figures from the data.</summary>
    public static BacktestCard Published { get; } = ReadPublished();

    /// <param name="course">Beside whose risk list the card stands.</param>
    /// <param name="stamp">Grows when a finished course changes: part of the key.</param>
    public async Task<BacktestCard> FindAsync(CourseRecord course, long stamp)
    {
        var calibration = await calibrations.FindAsync(stamp);
        if (stamp == 0)
            return Published with { Calibration = Calibrations.Words(calibration) };
        var group = Group(course.Name);
        return await cache.GetAsync(Everything, $"backtest|{group}|{stamp}", async () => (await MakeAsync(group, calibration), 4096L));
    }

    /// <summary>The name without its term: everything before the first word, but the first, that holds a year.</summary>
    internal static string Group(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var term = Array.FindIndex(words, Math.Min(1, words.Length), word => Year().IsMatch(word));
        return term > 0 ? string.Join(' ', words[..term]) : name;
    }

    [GeneratedRegex(@"(?<!\d)(19|20)\d\d(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Year();

    private async Task<BacktestCard> MakeAsync(string group, OwnCalibration calibration)
    {
        var words = Calibrations.Words(calibration);
        var all = await finished.ListAsync();
        var own = all.Where(course => Group(course.Name) == group).ToArray();
        var chosen = await finished.ReadAsync(own.Length > 0 ? own : all);
        if (chosen.Length == 0)
            return Published with { Calibration = words };
        var judged = calibration.IsOwn ? LeavingOut(chosen, await finished.ReadAsync(all), calibration) : [.. chosen.Select(course => new JudgedCourse(course.Content, calibration.Used))];
        var inSample = calibration.IsOwn && judged.Any(course => ReferenceEquals(course.By, calibration.Used));
        var how = (calibration.IsOwn, inSample) switch
        {
            (false, _) => $"judged with the published calibration ({calibration.Used.Source})",
            (_, true) => "in-sample: the calibration was fitted on these very courses, so expect less of it on a new one",
            _ => "each judged with a calibration that was fitted on others",
        };
        return ToWire(Backtest.Evaluate(judged), $"{Source(chosen)}; {how}") with { Calibration = words, InSample = inSample };
    }

    /// <summary>
    /// Each course is judged by a calibration that has not seen it: fitted on what is left without its fold. Where too little is
    /// left to fit on, it is judged by the one in use, which has.
    /// </summary>
    private static List<JudgedCourse> LeavingOut(EndedCourse[] chosen, EndedCourse[] all, OwnCalibration calibration)
    {
        var folds = Math.Min(Folds, chosen.Length);
        var judged = new List<JudgedCourse>();
        foreach (var fold in chosen.OrderBy(course => course.Record.Id, StringComparer.Ordinal).Index().GroupBy(course => course.Index % folds, course => course.Item))
        {
            var left = fold.Select(course => course.Record.Id).ToHashSet();
            var others = OwnCalibration.Of([.. all.Where(course => !left.Contains(course.Record.Id)).Select(course => course.Content)]);
            judged.AddRange(fold.Select(course => new JudgedCourse(course.Content, others.IsOwn ? others.Used : calibration.Used)));
        }

        return judged;
    }

    public static BacktestCard ToWire(BacktestReport report, string source) => new(
        Finite(report.Auc), Finite(report.Ece), Finite(report.PrecisionTop20),
        report.Forecast.ToDictionary(
            share => share.Key,
            share => new Contracts.ForecastAccuracy(Finite(share.Value.Mae), Finite(share.Value.Coverage), Finite(share.Value.HalfWidth))),
        source);

    // Of a handful of students some figures come out as no number, which JSON cannot say either.
    private static double? Finite(double? figure) => figure is { } value && double.IsFinite(value) ? value : null;

    private static Dictionary<string, double?> Finite(IReadOnlyDictionary<string, double?> figures) => figures.ToDictionary(figure => figure.Key, figure => Finite(figure.Value));

    private static string Source(EndedCourse[] chosen) =>
        $"{chosen.Length} finished {(chosen.Length == 1 ? "course" : "courses")} of this installation "
        + $"({string.Join(", ", chosen.Select(course => course.Record.Name).Order(StringComparer.Ordinal))}), {chosen.Sum(course => course.Content.Students.Count)} students";

    private static BacktestCard ReadPublished()
    {
        using var json = typeof(BacktestCards).Assembly.GetManifestResourceStream("Provost.Api.Backtests.published.json")!;
        return JsonSerializer.Deserialize(json, ApiJson.Default.BacktestCard)!;
    }
}
