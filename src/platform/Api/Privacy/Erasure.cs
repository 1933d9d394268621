using Provost.Api.Courses;
using Provost.Api.Facts;
using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Privacy;

/// <summary>
/// Erases a person: 1. mark the keys, so that no import brings them back; 2. facts of all versions; 3. a new data version, so
/// that nothing computed before is shown, and the facts again if an import that was planned before 1 has come in between; 4. accounts; 5. names, last, because they are how the person is found if this is
/// interrupted; 6. the ledger, and its line is the receipt.
/// </summary>
internal sealed class Erasure(ErasureStores stores, StudentLookup lookup, ImportPlanner planner, TimeProvider time)
{
    public async Task<ErasureReceipt> EraseAsync(ErasureRequest request, string by, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Subject))
            throw ApiError.Invalid("Whom to erase is missing", "Give the id or e-mail as it stands in the gradebook");
        var erased = new List<string>();
        var (names, cells, accounts) = (0, 0, 0);
        foreach (var course in await CoursesAsync(request.Course))
        {
            var keys = await lookup.FindAsync(course.Id, request.Subject);
            if (keys.Length == 0)
                continue;
            var counted = await EraseAsync(course.Id, keys, cancellation);
            (names, cells, accounts) = (names + counted.Names, cells + counted.Cells, accounts + counted.Accounts);
            erased.AddRange(keys.Select(key => $"{course.Id}/{key}"));
        }

        if (erased.Count == 0)
            throw ApiError.NotFound($"Nobody answers to \"{request.Subject.Trim()}\"", "Give the id or e-mail exactly as it stands in the gradebook");
        var line = await stores.Ledger.AppendAsync(new ErasureLine(
            Guid.NewGuid().ToString("N"), time.GetUtcNow(), by, erased, names, cells, accounts, Previous: "", Proof: ""));
        return new ErasureReceipt(line.Id, line.At, line.Names, line.Cells, line.Accounts, line.Proof);
    }

    /// <summary>Erases again whoever is on the lines and not on this installation's own ledger: after a restore. The lines keep their proofs.</summary>
    public async Task<int> ReplayAsync(IReadOnlyList<ErasureLine> lines, CancellationToken cancellation)
    {
        var known = (await stores.Ledger.AllAsync()).Select(line => line.Id).ToHashSet();
        var missing = lines.Where(line => !known.Contains(line.Id)).ToList();
        foreach (var line in missing)
        {
            foreach (var course in line.Students.Select(student => student.Split('/', 2)).GroupBy(parts => parts[0], parts => parts[1]))
                await EraseAsync(course.Key, [.. course], cancellation);
            await stores.Ledger.AppendAsync(line);
        }

        return missing.Count;
    }

    private async Task<(int Names, int Cells, int Accounts)> EraseAsync(string course, string[] keys, CancellationToken cancellation)
    {
        await stores.Names.MarkErasedAsync(course, keys);
        var cells = await stores.Facts.EraseAsync(course, keys, cancellation);
        cells += await RenewAsync(course, keys, cancellation);
        var accounts = await CloseAccountsAsync(course, keys);
        return (await stores.Names.DeleteAsync(course, keys), cells, accounts);
    }

    private async Task<IEnumerable<CourseRecord>> CoursesAsync(string? course)
    {
        if (string.IsNullOrWhiteSpace(course))
            return await stores.Courses.AllAsync();
        return await stores.Courses.FindAsync(CourseId.From(course)) is { } found
            ? [found]
            : throw ApiError.NotFound($"There is no course \"{course}\"", "Leave the course out to erase the person everywhere");
    }

    /// <summary>
    /// Gives the course a new data version without the students. An import that read the marked keys too early may have made
    /// its rows current after they were erased from everything before: they are erased from it too. Once this has committed,
    /// such an import loses the race for the record and is planned anew, with the marks.
    /// </summary>
    /// <returns>Cells that had to be erased again.</returns>
    internal async Task<int> RenewAsync(string course, IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        for (var cells = 0; ;)
        {
            var record = await stores.Courses.FindAsync(course);
            if (record is null or { IsEmpty: true })
                return cells;
            var content = await stores.Facts.ReadAsync(course, record.Snapshot, cancellation);
            if (content.Students.Any(student => keys.Contains(student.Key)))
            {
                cells += await stores.Facts.EraseAsync(course, keys, cancellation);
                continue;
            }

            var renewed = record with
            {
                Version = await stores.Courses.NextVersionAsync(course),
                Students = content.Students.Count,
                Digest = planner.Digest(content, record.AsOfDay),
            };
            if (await stores.Courses.ReplaceAsync(new CourseCommit(record, renewed, "erasure", "A student's data were erased")) is not null)
                return cells;
        }
    }

    private async Task<int> CloseAccountsAsync(string course, string[] keys)
    {
        var closed = 0;
        foreach (var account in await stores.Accounts.AllAsync())
        {
            if (account.Memberships.GetValueOrDefault(course)?.Student is not { } student || !keys.Contains(student))
                continue;
            closed++;
            if (account is { IsAdmin: false, Memberships.Count: 1 })
                await stores.Accounts.RemoveAsync(account.User);
            else
                await stores.Accounts.LeaveAsync(account.User, course);
        }

        return closed;
    }
}

/// <summary>Everywhere that a person can be.</summary>
internal sealed record ErasureStores(NameState Names, SnapshotFacts Facts, CourseState Courses, AccountState Accounts, ErasureLedger Ledger);
