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
        var (people, erased) = (names.AllAsync(course.Id), names.ErasedAsync(course.Id));
        return Plan(course, gradebook, new Known(await reading, await people, await erased), removeAbsent);
    }

    public ImportPlan Plan(CourseRecord course, Gradebook gradebook, Known known, bool removeAbsent)
    {
        var (before, people) = (known.Content, known.People);
        var incoming = Incoming.From(course.Id, gradebook, pseudonyms, known.Erased);
        var stated = incoming.Snapshot.Students.Select(student => student.Key).ToHashSet();
        var absent = before.Students.Select(student => student.Key).Where(key => !stated.Contains(key)).ToHashSet();
        var merged = (removeAbsent ? before.Without(absent) : before).Merge(incoming.Snapshot);
        var asOfDay = gradebook.AsOfDay ?? course.AsOfDay;
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

/// <summary>What is known of a course before an import.</summary>
/// <param name="Erased">Keys of students who are not to come back.</param>
internal sealed record Known(Snapshot Content, IReadOnlyDictionary<string, PersonName> People, IReadOnlySet<string> Erased);
