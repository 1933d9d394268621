using System.Text.Json;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Drills;

/// <summary>How many writes the platform has acknowledged, course by course: each has its number in the course's record.</summary>
internal static class AcknowledgedWrites
{
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(RunningStores stores, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var redis = await RedisLink.OpenAsync(stores.Redis);
        Dictionary<string, long> writes = [];
        foreach (var course in await redis.Database.SetMembersAsync("courses"))
        {
            if (await redis.Database.HashGetAsync($"course:{course}", "record") is { IsNull: false } record)
            {
                using var parsed = JsonDocument.Parse((byte[])record!);
                writes[course.ToString()] = parsed.RootElement.GetProperty("sequence").GetInt64();
            }
        }
        return writes;
    }
}
