using System.Text.Json;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Drills;

/// <summary>A course as the platform's own record of it says.</summary>
/// <param name="Writes">How many were acknowledged: each has its number in the record.</param>
/// <param name="Digest">The platform's own, over the content.</param>
internal sealed record CourseMark(long Writes, long Version, int Students, int Assessments, string Digest);

/// <summary>How many writes the platform has acknowledged, course by course, and what the courses hold by them.</summary>
internal static class AcknowledgedWrites
{
    public static async Task<IReadOnlyDictionary<string, CourseMark>> CountAsync(RunningStores stores, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var redis = await RedisLink.OpenAsync(stores.Redis);
        Dictionary<string, CourseMark> courses = [];
        foreach (var course in await redis.Database.SetMembersAsync("courses"))
        {
            if (await redis.Database.HashGetAsync($"course:{course}", "record") is { IsNull: false } record)
            {
                using var parsed = JsonDocument.Parse((byte[])record!);
                courses[course.ToString()] = Mark(parsed.RootElement);
            }
        }
        return courses;
    }

    private static CourseMark Mark(JsonElement record) => new(
        record.GetProperty("sequence").GetInt64(), record.GetProperty("version").GetInt64(), record.GetProperty("students").GetInt32(),
        record.GetProperty("assessments").GetInt32(), record.GetProperty("digest").GetString() ?? "");
}
