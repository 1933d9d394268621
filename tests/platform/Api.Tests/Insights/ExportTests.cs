using Provost.Api.Insights;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.Insights;

public sealed class ExportTests(RealStores stores)
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1+cmd", "\"'+1+cmd\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("-x", "\"'-x\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("Ann, B.", "\"Ann, B.\"")]
    [InlineData("Ann", "Ann")]
    [InlineData(null, "")]
    public void What_a_spreadsheet_would_run_is_made_text(string? value, string expected) => Assert.Equal(expected, GradebookExport.Safe(value));

    [Fact]
    public async Task The_export_holds_every_student_with_marks_and_no_formula()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var course = $"Export {Guid.NewGuid():N}"[..18];
        var report = await api.ImportAsync(course, "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (2)\nPoints Possible,,,,,10\n"
            + "\"=cmd|' /C calc'!A0\",1,a,a,A,7\n\"Bell, Bob\",2,b,b,A,\n");
        using var professor = await api.SignInAsync($"p-{report.Course}", Role.Professor, course);

        var lines = (await professor.Http.GetStringAsync($"api/courses/{report.Course}/export.csv")).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.Contains("'=cmd|", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(",=cmd", lines[1], StringComparison.Ordinal);
        Assert.Contains(",7,", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"Bell, Bob\"", lines[2], StringComparison.Ordinal);
    }
}
