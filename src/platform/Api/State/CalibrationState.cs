using System.Text.Json;
using Provost.Analytics.Backtests;
using Provost.Analytics.Insights;

namespace Provost.Api.State;

/// <param name="Stamp">Of the finished courses that it was fitted on.</param>
/// <param name="Own">Null when the default holds: each release brings its own default.</param>
/// <param name="Shortfall">Why it does.</param>
internal sealed record StoredCalibration(long Stamp, Calibration? Own, string? Shortfall);

/// <summary>The last calibration that was fitted on this institution's finished courses: aggregates, nothing of anybody.</summary>
internal sealed class CalibrationState(RedisStore redis)
{
    public Task<OwnCalibration?> FindAsync(long stamp) => redis.RunAsync("calibration.read", async database =>
        (byte[]?)await database.StringGetAsync(Keys.Calibration) is { } json
        && JsonSerializer.Deserialize(json, ApiJson.Default.StoredCalibration) is { } known && known.Stamp == stamp
            ? new OwnCalibration(known.Own ?? Calibration.Default, known.Shortfall)
            : null);

    public Task KeepAsync(long stamp, OwnCalibration calibration) => redis.CommitAsync("calibration.write", transaction =>
    {
        var kept = new StoredCalibration(stamp, calibration.IsOwn ? calibration.Used : null, calibration.Shortfall);
        _ = transaction.StringSetAsync(Keys.Calibration, JsonSerializer.SerializeToUtf8Bytes(kept, ApiJson.Default.StoredCalibration));
    });
}
