using System.Globalization;
using System.Text;
using Provost.Api.Courses;
using Provost.Api.Insights;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Imports;

/// <summary>Works out what a file changes; reads, never writes.</summary>
internal sealed class ImportPlanner(Snapshots snapshots, NameState names, Pseudonyms pseudonyms)
{
    /// <param name="removeAbsent">Students of the course whom the gradebook does not mention leave it.</param>
    public async Task<ImportPlan> PlanAsync(CourseRecord course, Gradebook gradebook, bool removeAbsent, CancellationToken cancellation)
    {
        var reading = snapshots.ReadAsync(course, cancellation);
        var (known, erased) = (names.AllAsync(course.Id), names.ErasedAsync(course.Id));
        var before = await reading;
        var incoming = Incoming.From(course.Id, gradebook, pseudonyms, await erased);
        var stated = incoming.Snapshot.Students.Select(student => student.Key).ToHashSet();
        var absent = before.Students.Select(student => student.Key).Where(key => !stated.Contains(key)).ToHashSet();
        var merged = (removeAbsent ? before.Without(absent) : before).Merge(incoming.Snapshot);
        var (people, asOfDay) = (await known, gradebook.AsOfDay ?? course.AsOfDay);
        var changed = incoming.Names.Where(name => people.GetValueOrDefault(name.Key) != name.Value).ToDictionary();
        AbsentStudent[] named = [.. absent.Select(key => new AbsentStudent(key, people.GetValueOrDefault(key)?.Name))
            .OrderBy(student => student.Name, StringComparer.OrdinalIgnoreCase).ThenBy(student => student.Student, StringComparer.Ordinal)];
        return new ImportPlan(course, gradebook, incoming, before, merged, changed, named, asOfDay, Digest(merged, asOfDay)) { RemovesAbsent = removeAbsent && named.Length > 0 };
    }

    /// <summary>Keyed, so that it says "the same" and nothing else about the content.</summary>
    public string Digest(Snapshot content, double? asOfDay)
    {
        using var digest = pseudonyms.StartDigest();
        content.AppendTo(digest);
        digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"|{asOfDay:R}")));
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
