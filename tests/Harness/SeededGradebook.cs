using System.Globalization;
using System.Text;

namespace Provost.Harness;

/// <summary>A Canvas export of any size, the same for the same seed.</summary>
public static class SeededGradebook
{
    /// <param name="students">Rows.</param>
    /// <param name="assessments">Assignment columns; the last fifth has no grades yet.</param>
    /// <param name="revision">Another revision changes some scores.</param>
    public static string Canvas(int students, int assessments, int seed = 1, int revision = 0)
    {
        var random = new Random(seed);
        var text = new StringBuilder("Student,ID,SIS User ID,SIS Login ID,Section");
        for (var j = 0; j < assessments; j++)
            text.Append(CultureInfo.InvariantCulture, $",Assignment {j + 1} ({1000 + j})");
        text.Append("\nPoints Possible,,,,");
        for (var j = 0; j < assessments; j++)
            text.Append(",100");
        text.Append('\n');
        for (var i = 0; i < students; i++)
            AppendStudent(text, random, i, assessments, revision);
        return text.ToString();
    }

    private static void AppendStudent(StringBuilder text, Random random, int student, int assessments, int revision)
    {
        text.Append(CultureInfo.InvariantCulture, $"\"Sample{student}, Ada\",{20000 + student},u{student}@example.edu,u{student},Section {(char)('A' + student % 3)}");
        var ability = 35 + 55 * random.NextDouble();
        for (var j = 0; j < assessments; j++)
        {
            var score = Math.Round(Math.Clamp(ability + 40 * (random.NextDouble() - 0.5), 0, 100), 1);
            var blank = random.NextDouble() < 0.07 || j >= assessments * 4 / 5;
            if (revision > 0 && j == revision % Math.Max(1, assessments * 4 / 5))
                score = Math.Round((score + 11 * revision) % 100, 1);
            text.Append(blank ? "," : string.Create(CultureInfo.InvariantCulture, $",{score}"));
        }
        text.Append('\n');
    }
}
