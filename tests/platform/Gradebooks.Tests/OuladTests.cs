using System.Text;
using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Tests;

public sealed class OuladTests
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["courses.csv"] = "code_module,code_presentation,module_presentation_length\nAAA,2013J,268\nBBB,2014B,240\n",
        ["assessments.csv"] = """
            code_module,code_presentation,id_assessment,assessment_type,date,weight
            AAA,2013J,1,TMA,19,10
            AAA,2013J,3,Exam,?,100
            AAA,2013J,2,TMA,54,20
            BBB,2014B,9,CMA,30,0
            """,
        ["studentInfo.csv"] = """
            code_module,code_presentation,id_student,gender,final_result
            AAA,2013J,100,M,Pass
            AAA,2013J,101,F,Withdrawn
            AAA,2013J,102,F,Fail
            BBB,2014B,100,M,Distinction
            """,
        ["studentRegistration.csv"] = """
            code_module,code_presentation,id_student,date_registration,date_unregistration
            AAA,2013J,100,-159,?
            AAA,2013J,101,-53,40
            AAA,2013J,102,-10,?
            BBB,2014B,100,-5,
            """,
        ["studentAssessment.csv"] = """
            id_assessment,id_student,date_submitted,is_banked,score
            1,100,18,0,78
            2,100,60,0,?
            1,101,-1,1,70
            9,100,29,0,100
            """,
    };

    private static async Task<IReadOnlyList<Gradebook>> Read(Func<string, string> edit)
    {
        var files = Small.Select(table => ($"anonymisedData/{table.Key}", Encoding.UTF8.GetBytes(edit(table.Value)))).ToArray();
        using var stream = new MemoryStream(HostileInputTests.Zip(files));
        return await GradebookReader.ReadAsync(stream, "oulad.zip", null, null, TestContext.Current.CancellationToken);
    }

    private static string Quoted(string text) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : '"' + line.Trim().Replace(",", "\",\"") + '"'));

    public static TheoryData<string> Variants => ["as it is", "quoted", "missing as empty", "CRLF"];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_zip_gives_one_gradebook_per_presentation_however_its_tables_are_written(string variant)
    {
        var books = await Read(text => variant switch
        {
            "quoted" => Quoted(text),
            "missing as empty" => text.Replace("?", "", StringComparison.Ordinal),
            "CRLF" => text.Replace("\n", "\r\n", StringComparison.Ordinal),
            _ => text,
        });
        Assert.Equal(["AAA 2013J", "BBB 2014B"], books.Select(book => book.CourseName));
        var book = books[0];
        Assert.Equal(["1", "2", "3"], book.Assessments.Select(a => a.Id));
        Assert.Equal([19, 54, 268], book.Assessments.Select(a => a.DueDay));
        Assert.Equal([10, 20, 100], book.Assessments.Select(a => a.Weight));
        Assert.Equal([FinalResult.Pass, FinalResult.Withdrawn, FinalResult.Fail], book.Students.Select(s => s.FinalResult));
        Assert.Equal([null, 40, null], book.Students.Select(s => s.UnregisteredDay));
        Assert.Equal(268, book.AsOfDay);
        Assert.Equal(
            [
                Cell.Graded(78, 18), Cell.Pending(60), Cell.NotDue,
                new Cell(CellState.Graded, 70, -1, Transferred: true), Cell.NotDue, Cell.NotDue,
                Cell.Missing, Cell.Missing, Cell.NotDue,
            ],
            book.Cells);
    }

    [Fact]
    public async Task Says_which_table_and_column_is_missing()
    {
        var error = await Assert.ThrowsAsync<GradebookError>(() => Read(text => text.Replace("is_banked", "banked", StringComparison.Ordinal)));
        Assert.Equal(("studentAssessment.csv has no column \"is_banked\"", "is_banked"), (error.What, error.Column));
        using var stream = new MemoryStream(HostileInputTests.Zip(("studentAssessment.csv", Encoding.UTF8.GetBytes(Small["studentAssessment.csv"]))));
        var incomplete = await Assert.ThrowsAsync<GradebookError>(() => GradebookReader.ReadAsync(stream, "oulad.zip", null, null, TestContext.Current.CancellationToken));
        Assert.Contains("has no courses.csv", incomplete.What);
    }

    [Fact]
    public async Task Refuses_two_different_results_of_one_student()
    {
        var error = await Assert.ThrowsAsync<GradebookError>(() => Read(text => text.Replace("9,100,29,0,100", "1,100,20,0,50", StringComparison.Ordinal)));
        Assert.Contains("two different results of student 100", error.What);
    }

    [Fact]
    public async Task Reads_the_shared_folder_with_its_known_counts()
    {
        var folder = TestFiles.Shared("oulad");
        Assert.SkipUnless(folder is not null, "extra: the shared OULAD tables are not on this machine");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var books = await GradebookReader.ReadFolderAsync(folder, cancellation: TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage($"OULAD folder: {watch.ElapsedMilliseconds} ms");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal(15, books.Count);
        Assert.Equal(121_738, books.Sum(book => book.Cells.Count(cell => cell.State is CellState.Graded or CellState.Pending)));
        Assert.Equal(21_333, books.Sum(book => book.Students.Count));
        Assert.All(books, book => Assert.Empty(book.Warnings));
        Assert.Equal(15, books.Count(book => book.Assessments.Any(a => a.Kind == "Exam")));
    }
}
