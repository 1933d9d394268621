using Provost.Api.Courses;
using Provost.Api.State;

namespace Provost.Api.Privacy;

/// <summary>From an id, e-mail or login as it stood in the gradebook to the student's key.</summary>
internal sealed class StudentLookup(NameState names)
{
    /// <summary>All keys in a course that answer to the subject: normally one or none.</summary>
    public async Task<string[]> FindAsync(string course, string subject) =>
        [.. (await names.AllAsync(course)).Where(name => name.Value.Answers(subject)).Select(name => name.Key)];

    /// <exception cref="ApiError">Nobody answers to it, or several do.</exception>
    public async Task<string> MustFindAsync(CourseRecord course, string? subject)
    {
        if (string.IsNullOrWhiteSpace(subject))
            throw ApiError.Invalid("A student's account needs the student", "Give the id or e-mail as it stands in the gradebook");
        return await FindAsync(course.Id, subject) switch
        {
            [var one] => one,
            [] => throw ApiError.NotFound($"No student of {course.Name} has the id or e-mail \"{subject}\"", "Check the gradebook, or import it first"),
            var many => throw ApiError.Invalid($"{many.Length} students of {course.Name} answer to \"{subject}\"", "Use the id, which is unique"),
        };
    }
}
