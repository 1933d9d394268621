using Provost.Analytics.Backtests;
using Provost.Api.Insights;
using Provost.Api.State;

namespace Provost.Api.Backtests;

/// <summary>
/// The calibration that all insights of this institution use. It is fitted when somebody first asks after a finished course
/// has changed, and stored with the stamp of that change: every replica then reads the same one.
/// </summary>
internal sealed class Calibrations(CourseState courses, FinishedCourses finished, CalibrationState stored, InsightCache cache)
{
    private const string Everything = "*";
    private const int Attempts = 3;

    private static readonly OwnCalibration None = OwnCalibration.Of([]);

    /// <param name="stamp">Grows when a finished course changes; 0 = there never was one.</param>
    public Task<OwnCalibration> FindAsync(long stamp) => stamp == 0
        ? Task.FromResult(None)
        : cache.GetAsync(Everything, $"calibration|{stamp}", async () => (await stored.FindAsync(stamp) ?? await FitAsync(), 8192L));

    /// <summary>Words for the page that shows risks.</summary>
    public static string Words(OwnCalibration calibration) => calibration.Shortfall is { } shortfall
        ? $"Risks and forecasts are calibrated on {calibration.Used.Source}. A calibration on this installation's own courses {shortfall}."
        : $"Risks and forecasts are calibrated on {calibration.Used.Source}.";

    // What is stored under a stamp is what the courses were at that stamp, or the replicas would differ.
    private async Task<OwnCalibration> FitAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var stamp = await courses.FinishedStampAsync();
            var read = await finished.ReadAsync(await finished.ListAsync());
            var isSettled = await courses.FinishedStampAsync() == stamp;
            if (!isSettled && attempt < Attempts)
                continue;
            var made = OwnCalibration.Of([.. read.Select(course => course.Content)]);
            if (isSettled)
                await stored.KeepAsync(stamp, made);
            return made;
        }
    }
}
