using System.Text;

namespace Provost.Api.Courses;

/// <summary>"MATH 101" is "math-101": stable, safe in addresses and in stores.</summary>
internal static class CourseId
{
    private const int Longest = 60;

    /// <exception cref="ApiError">Nothing of the name can stand in an id.</exception>
    public static string From(string name)
    {
        var id = new StringBuilder();
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(letter))
                id.Append(char.ToLowerInvariant(letter));
            else if (id.Length > 0 && id[^1] != '-' && char.GetUnicodeCategory(letter) != System.Globalization.UnicodeCategory.NonSpacingMark)
                id.Append('-');
            if (id.Length == Longest)
                break;
        }

        var slug = id.ToString().Trim('-');
        return slug.Length > 0
            ? slug
            : throw ApiError.Invalid($"\"{name}\" cannot name a course", "Use at least one letter a-z or digit, for example \"MATH 101\"");
    }

    public static bool IsValid(string id) =>
        id.Length is > 0 and <= Longest && id[0] != '-' && id[^1] != '-'
        && id.All(letter => letter == '-' || char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));
}
