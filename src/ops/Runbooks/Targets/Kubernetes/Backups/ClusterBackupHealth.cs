using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Schedules;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Kubernetes.Backups;

/// <summary>How good the backups of a site in a cluster are, from the Jobs that made and verified them.</summary>
public static class ClusterBackupHealth
{
    private sealed record Ran(string Name, DateTimeOffset Start, DateTimeOffset? Done, string? Problem);

    /// <returns>Null when the site that runs makes no backups, or when this user may not look at Jobs.</returns>
    public static async Task<BackupHealth?> ReadAsync(ApiConnection api, string space, Backup settings, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await LookAsync(api, space, settings, time, cancellation);
        }
        catch (ApiRefusal refusal) when (refusal.IsForbidden)
        {
            return null;
        }
    }

    private static async Task<BackupHealth?> LookAsync(ApiConnection api, string space, Backup settings, TimeProvider time, CancellationToken cancellation)
    {
        if (await api.FindAsync($"{ApiPath.Collection("batch/v1", "CronJob", space)}/{BackupJobs.Create.Name}", cancellation) is null)
        {
            return null;
        }
        var list = await api.GetAsync($"{ApiPath.Collection("batch/v1", "Job", space)}?labelSelector={Uri.EscapeDataString("app.kubernetes.io/name=backup")}", cancellation);
        var jobs = (list["items"] as JsonArray ?? []).OfType<JsonObject>().Select(Read).OfType<Ran>().OrderBy(job => job.Start).ToList();
        var (made, verified) = (Of(jobs, BackupJobs.Create), Of(jobs, BackupJobs.Verify).LastOrDefault(job => job.Done is not null));
        // A verification is about the newest backup that was there when it began.
        var proved = verified is null ? null : made.LastOrDefault(job => job.Done <= verified.Start);
        var last = made.LastOrDefault(job => job.Done is not null)?.Start;
        // A Job ends well only when every destination did.
        var notes = settings.Destinations.Keys.Aggregate(
            BackupNotes.None with { LastAt = last, Problem = made.LastOrDefault()?.Problem }, (n, place) => n.At(place, p => p with { LastAt = last, VerifiedAt = proved?.Start }));
        return BackupHealth.Of(notes, settings, time);
    }

    private static List<Ran> Of(IEnumerable<Ran> jobs, BackupJob job) => [.. jobs.Where(ran => ran.Name.StartsWith(job.Name + "-", StringComparison.Ordinal))];

    private static Ran? Read(JsonObject job)
    {
        var (name, status) = ((string)job["metadata"]!["name"]!, job["status"]);
        var failed = (status?["conditions"] as JsonArray ?? []).FirstOrDefault(c => (string?)c?["type"] == "Failed" && (string?)c["status"] == "True");
        return At(status?["startTime"]) is { } start
            ? new Ran(name, start, (int?)status!["succeeded"] > 0 ? At(status["completionTime"]) : null, failed is null ? null : $"job {name}: {(string?)failed["reason"]} {(string?)failed["message"]}".TrimEnd())
            : null;
    }

    private static DateTimeOffset? At(JsonNode? text) => DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
