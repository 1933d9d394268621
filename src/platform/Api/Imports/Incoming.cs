using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Gradebooks;

namespace Provost.Api.Imports;

/// <summary>A file's content with keys instead of names, and the names apart.</summary>
/// <param name="LeftOut">Students who were erased earlier: an old file does not bring them back.</param>
internal sealed record Incoming(Snapshot Snapshot, IReadOnlyDictionary<string, PersonName> Names, int LeftOut)
{
    public static Incoming From(string course, Gradebook gradebook, Pseudonyms pseudonyms, IReadOnlySet<string> erased)
    {
        var people = gradebook.Students.Select(student => (Key: pseudonyms.For(course, student.SourceId), Student: student)).ToArray();
        var names = new Dictionary<string, PersonName>(people.Length);
        foreach (var (key, student) in people)
            if (!names.TryAdd(key, new PersonName(student.SourceId, student.Name, student.Email, student.Login)))
                throw new GradebookError($"Two students have the id \"{student.SourceId}\"", "Give each student one row, then import the file again");

        var whole = new Snapshot(
            gradebook.Assessments,
            [.. people.Select(person => new SnapshotStudent(person.Key, Section(person.Student), person.Student.FinalResult, person.Student.UnregisteredDay))],
            gradebook.Cells);
        var leftOut = people.Count(person => erased.Contains(person.Key));
        if (leftOut == 0)
            return new Incoming(whole, names, 0);
        foreach (var key in erased)
            names.Remove(key);
        return new Incoming(whole.Without(erased), names, leftOut);
    }

    private static string? Section(GradebookStudent student) => string.IsNullOrWhiteSpace(student.Section) ? null : student.Section.Trim();
}
