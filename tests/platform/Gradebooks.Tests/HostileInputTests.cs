using System.IO.Compression;
using System.Text;
using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Tests;

public sealed class HostileInputTests
{
    private const long TenGigabytes = 10L << 30;

    // What is asked of the stream and kept in memory stays small, whatever the file's size.
    private static async Task<GradebookError> StopsEarly(Func<long, byte> byteAt, long mostBytes)
    {
        using var stream = new LazyStream(TenGigabytes, byteAt);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = await Assert.ThrowsAsync<GradebookError>(() => GradebookReader.ReadAsync(stream, "grades.csv", null, null, TestContext.Current.CancellationToken));
        Assert.InRange(stream.Served, 1, mostBytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        return error;
    }

    [Fact]
    public async Task Stops_early_in_a_line_of_ten_gigabytes() => Assert.Equal(1, (await StopsEarly(_ => (byte)'a', 4 << 20)).Line);

    [Fact]
    public async Task Stops_early_in_a_line_of_ten_billion_commas() => Assert.Contains("columns", (await StopsEarly(_ => (byte)',', 4 << 20)).What);

    [Fact]
    public async Task Stops_early_in_a_quote_that_is_never_closed()
    {
        var head = Encoding.ASCII.GetBytes("Name,Quiz\nAda,10\n\"Bo");
        var error = await StopsEarly(i => i < head.Length ? head[i] : (byte)'b', 4 << 20);
        Assert.Contains("never closed", error.What);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public async Task Stops_early_in_ten_gigabytes_of_blank_lines() => Assert.Contains("rows", (await StopsEarly(_ => (byte)'\n', 4 << 20)).What);

    [Fact]
    public async Task Stops_early_in_ten_gigabytes_of_students()
    {
        var row = Encoding.ASCII.GetBytes("Ada,10\n");
        var head = Encoding.ASCII.GetBytes("Name,Quiz\n");
        var error = await StopsEarly(i => i < head.Length ? head[i] : row[(i - head.Length) % row.Length], 4 << 20);
        Assert.Contains("rows", error.What);
    }

    [Fact]
    public async Task Refuses_a_NUL_byte_with_its_line() =>
        Assert.Equal(3, (await TestFiles.RefusesAsync("Name,Quiz\nAda,10\nB\0o,9\nCy,8\n"u8.ToArray())).Line);

    [Fact]
    public async Task Refuses_100_000_columns()
    {
        var error = await TestFiles.RefusesAsync(Encoding.ASCII.GetBytes("Name," + string.Join(',', Enumerable.Range(1, 100_000).Select(i => $"Q{i}")) + "\nAda\n"));
        Assert.Contains("columns", error.What);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public async Task Refuses_two_different_rows_about_one_student_and_names_both_lines()
    {
        var error = await TestFiles.RefusesAsync("Name,Student ID,Quiz\nAda,1,10\nBo,2,9\nAda,1,7\n"u8.ToArray());
        Assert.Contains("lines 2 and 4", error.What);
        Assert.Equal((4, "Quiz"), (error.Line, error.Column));
    }

    [Fact]
    public async Task Merges_rows_that_repeat_a_student_per_section()
    {
        var book = await TestFiles.ReadTextAsync("Name,Student ID,Section,Quiz 1,Quiz 2\nAda,1,A,10,\nBo,2,A,9,8\nAda,1,B,10,7\n");
        Assert.Equal(2, book.Students.Count);
        Assert.Equal(["A", "B"], book.Students[0].Sections);
        Assert.Equal(CellState.Graded, book.Cells[1].State);
        Assert.Contains(book.Warnings, warning => warning.Contains("Lines 2 and 4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   \n \n", "no text")]
    [InlineData("Name,Quiz\n", "no students")]
    [InlineData("<!DOCTYPE html><html><body>Sign in</body></html>", "a web page")]
    [InlineData("%PDF-1.7 stuff", "a PDF")]
    [InlineData("{\"grades\": [1, 2]}", "JSON")]
    [InlineData("1,2,3\n4,5,6\n", "No header row")]
    [InlineData("Name,Comment\nAda,good\nBo,better\n", "No column")]
    public async Task Says_what_a_file_is_that_is_not_a_gradebook(string text, string what)
    {
        var error = await TestFiles.RefusesAsync(Encoding.UTF8.GetBytes(text));
        Assert.Contains(what, error.What);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public async Task Says_that_an_Excel_workbook_is_one_and_how_to_export_it()
    {
        var error = await TestFiles.RefusesAsync(Zip(("[Content_Types].xml", "<Types/>"u8.ToArray()), ("xl/workbook.xml", "<workbook/>"u8.ToArray())), "grades.xlsx");
        Assert.Contains("Excel workbook", error.What);
        Assert.Contains("CSV UTF-8", error.Remedy);
        Assert.Contains("Excel workbook", (await TestFiles.RefusesAsync([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "grades.xls")).What);
    }

    [Fact]
    public async Task Refuses_a_file_that_mixes_encodings_with_the_line()
    {
        byte[] mixed = [.. "Name,Quiz\nZo\u00EB,10\nJos"u8, 0xE9, .. ",9\n"u8];
        var error = await TestFiles.RefusesAsync(mixed);
        Assert.Contains("mixes two text encodings", error.What);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public async Task Refuses_a_zip_bomb_before_it_unpacks()
    {
        var line = Encoding.ASCII.GetBytes("Ada," + new string('1', 2_000) + "\n");
        var bomb = Zip(("grades.csv", [.. Enumerable.Repeat(line, 32_000).SelectMany(bytes => bytes)]));
        Assert.InRange(bomb.Length, 1, 1 << 18);
        Assert.Contains("unpacks to more than", (await TestFiles.RefusesAsync(bomb, "grades.zip")).What);
    }

    [Fact]
    public async Task Refuses_zips_inside_zips_and_zips_of_many_files()
    {
        Assert.Contains("zip inside a zip", (await TestFiles.RefusesAsync(Zip(("a.csv", Zip(("b.csv", "x"u8.ToArray())))), "a.zip")).What);
        Assert.Contains("2 CSV files", (await TestFiles.RefusesAsync(Zip(("a.csv", "x"u8.ToArray()), ("b.csv", "x"u8.ToArray())), "a.zip")).What);
        var many = Enumerable.Range(0, 1_001).Select(i => ($"{i}.csv", Array.Empty<byte>())).ToArray();
        Assert.Contains("1,001 files", (await TestFiles.RefusesAsync(Zip(many), "a.zip")).What);
    }

    [Fact]
    public async Task Refuses_a_damaged_zip_with_its_own_error()
    {
        var zip = Zip(("grades.csv", Encoding.ASCII.GetBytes("Name,Quiz\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"S{i},{i % 10}\n")))));
        await TestFiles.RefusesAsync(zip[..(zip.Length / 2)], "grades.zip");
        for (var i = 30; i < 200; i++)
            zip[i] ^= 0x5A;
        await TestFiles.RefusesAsync(zip, "grades.zip");
    }

    [Fact]
    public async Task Reads_one_export_inside_a_zip()
    {
        using var stream = new MemoryStream(Zip(("__MACOSX/._grades.csv", "junk"u8.ToArray()), ("export/grades.csv", "Name,Quiz\nAda,10\nBo,9\n"u8.ToArray())));
        var book = Assert.Single(await GradebookReader.ReadAsync(stream, "grades.zip", null, null, TestContext.Current.CancellationToken));
        Assert.Equal(2, book.Students.Count);
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_a_zip_is_refused()
    {
        var before = Directory.GetFiles(Path.GetTempPath()).Length;
        for (var i = 0; i < 20; i++)
            await TestFiles.RefusesAsync(Zip(("a.csv", "x"u8.ToArray()), ("b.csv", "x"u8.ToArray())), "a.zip");
        Assert.InRange(Directory.GetFiles(Path.GetTempPath()).Length, 0, before + 10);
    }

    [Fact]
    public async Task Keeps_formulas_in_names_as_text_and_warns()
    {
        var book = await TestFiles.ReadTextAsync("Name,ID,Quiz\n\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",1,10\n@SUM(A1),2,-5\n+cmd|' /C calc'!A0,3,8\n");
        Assert.Equal("=HYPERLINK(\"http://x\",\"y\")", book.Students[0].Name);
        Assert.Equal(3, book.Warnings.Count(warning => warning.Contains("formula", StringComparison.Ordinal)));
        Assert.True(book.Cells[1].Score < 0, "-5 is a number");
    }

    [Fact]
    public async Task Stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        using var stream = new LazyStream(TenGigabytes, _ => (byte)'a');
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GradebookReader.ReadAsync(stream, "grades.csv", null, null, stop.Token));
    }

    internal static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return buffer.ToArray();
    }
}
