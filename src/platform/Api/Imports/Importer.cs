using System.Collections.Concurrent;
using System.Diagnostics;
using Provost.Api.Courses;
using Provost.Api.Facts;
using Provost.Api.Insights;
using Provost.Api.State;
using Provost.Api.Telemetry;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Imports;

/// <param name="By">Account name, or "operator".</param>
internal sealed record ImportOrder(string Course, Gradebook Gradebook, string File, string By, bool Demonstration = false)
{
    /// <summary>Students of the course whom the file does not mention leave it; otherwise they stay as they were.</summary>
    public bool RemoveAbsent { get; init; }

    /// <summary>When the file's first byte was asked for.</summary>
    public long Started { get; init; } = Stopwatch.GetTimestamp();
}

/// <summary>
/// Imports a gradebook. 1. Work out the merged content. 2. Write it as a new version that nobody reads. 3. Check that all of
/// it is there. 4. Point the course at it: the commit point, and only after it the import is acknowledged. Whoever loses the
/// race for 4 starts again from the winner's content.
/// </summary>
internal sealed class Importer(ImportPlanner planner, ImportStores stores, Snapshots snapshots, ApiMeters meters, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();

    public async Task<ImportReport> ImportAsync(ImportOrder order, CancellationToken cancellation)
    {
        var (result, rows) = ("failed", 0);
        // One at a time in this process; the commit decides between processes.
        var turn = turns.GetOrAdd(order.Course, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                var course = await FindAsync(order.Course);
                var plan = await planner.PlanAsync(course, order.Gradebook, order.RemoveAbsent, cancellation);
                if (!plan.Changed)
                {
                    result = "unchanged";
                    return plan.Report(course.Version);
                }

                if (await CommitAsync(order, plan, cancellation) is not { } committed)
                    continue;
                (result, rows) = ("changed", plan.Merged.Cells.Length);
                return plan.Report(committed.Version);
            }
        }
        finally
        {
            turn.Release();
            meters.Imported(result, rows, Stopwatch.GetElapsedTime(order.Started));
        }
    }

    public async Task<CourseRecord> FindAsync(string course) =>
        await stores.Courses.FindAsync(course) ?? throw ApiError.NotFound("The course is gone", "Go back to your courses");

    private async Task<CourseRecord?> CommitAsync(ImportOrder order, ImportPlan plan, CancellationToken cancellation)
    {
        var (course, id) = (plan.Course, plan.Course.Id);
        var version = await NewVersionAsync(id, cancellation);
        await stores.Facts.WriteAsync(id, version, plan.Merged, cancellation);
        var committed = await stores.Courses.ReplaceAsync(Commit(order, plan, version));
        if (committed is null)
            await stores.Facts.DropAsync(id, version, CancellationToken.None);
        else
            snapshots.Keep(committed, plan.Merged);
        return committed;
    }

    // Counted past whatever the facts hold: after a restore of the state alone, a number may have been used before.
    private async Task<long> NewVersionAsync(string course, CancellationToken cancellation)
    {
        while (true)
        {
            var version = await stores.Courses.NextVersionAsync(course);
            if (await stores.Facts.CountAsync(course, version, cancellation) == 0)
                return version;
        }
    }

    private CourseCommit Commit(ImportOrder order, ImportPlan plan, long version)
    {
        var (course, now) = (plan.Course, time.GetUtcNow());
        var to = course with
        {
            Version = version,
            Snapshot = version,
            Students = plan.Merged.Students.Count,
            Assessments = plan.Merged.Assessments.Count,
            AsOfDay = plan.AsOfDay,
            Digest = plan.Digest,
            LastImport = now,
            Finished = plan.Merged.IsFinished,
            Demonstration = order.Demonstration || course.Demonstration,
        };
        return new CourseCommit(course, to, "import", "Marks were imported")
        {
            Names = plan.Names.ToDictionary(name => name.Key, name => stores.Names.Encrypt(course.Id, name.Key, name.Value)),
            Import = new ImportSummary(
                version.ToString(System.Globalization.CultureInfo.InvariantCulture), order.File, order.Gradebook.Format, now, order.By,
                plan.Incoming.Snapshot.Students.Count, plan.Incoming.Snapshot.Assessments.Count, plan.Counts, version),
        };
    }
}

/// <summary>Where an import's parts go.</summary>
internal sealed record ImportStores(CourseState Courses, SnapshotFacts Facts, NameState Names);
