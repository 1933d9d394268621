using System.Collections.Frozen;
using System.Text;

namespace Provost.Api.Courses;

/// <summary>"MATH 101" is "math-101": stable, safe in addresses and in stores.</summary>
internal static class CourseId
{
    private const int Longest = 60;

    // Letters with marks, each row under its plain letter: the runtime has no Unicode tables here (invariant globalisation).
    private static readonly FrozenDictionary<char, char> Plain = new (char Letter, string Marked)[]
    {
        ('a', "àáâãäåāăą"), ('c', "çćĉċč"), ('d', "ďđð"), ('e', "èéêëēĕėęě"), ('g', "ĝğġģ"), ('h', "ĥħ"), ('i', "ìíîïĩīĭįı"), ('j', "ĵ"),
        ('k', "ķ"), ('l', "ĺļľŀł"), ('n', "ñńņňŋ"), ('o', "òóôõöøōŏő"), ('r', "ŕŗř"), ('s', "śŝşšșß"), ('t', "ţťŧțþ"), ('u', "ùúûüũūŭůűų"),
        ('w', "ŵ"), ('y', "ýÿŷ"), ('z', "źżž"),
    }.SelectMany(row => row.Marked.Select(marked => KeyValuePair.Create(marked, row.Letter))).ToFrozenDictionary();

    /// <exception cref="ApiError">Nothing of the name can stand in an id.</exception>
    public static string From(string name)
    {
        var id = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant().Select(letter => Plain.GetValueOrDefault(letter, letter)))
        {
            if (char.IsAsciiLetterOrDigit(letter))
                id.Append(letter);
            else if (id.Length > 0 && id[^1] != '-')
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
